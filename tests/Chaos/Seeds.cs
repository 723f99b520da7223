using System.Globalization;
using Xunit;

namespace Etl.Chaos.Tests;

/// <summary>Which seeds are run: 1 to 4, or what <c>ETL_CHAOS_FIRST</c> and <c>ETL_CHAOS_COUNT</c> say.</summary>
internal static class Seeds
{
    public static TheoryData<int> All => [.. Enumerable.Range(Number("ETL_CHAOS_FIRST", 1), Number("ETL_CHAOS_COUNT", 4))];

    private static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
