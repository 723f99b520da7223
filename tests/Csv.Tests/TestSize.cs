using System.Globalization;

namespace Etl.Csv.Tests;

/// <summary>How many generated cases a test runs: few by default, <c>ETL_TEST_SIZE</c> times as many when that is set.</summary>
internal static class TestSize
{
    private static readonly int Factor = int.TryParse(Environment.GetEnvironmentVariable("ETL_TEST_SIZE"), CultureInfo.InvariantCulture, out var factor) ? factor : 1;

    public static long Of(int cases) => (long)cases * Factor;
}
