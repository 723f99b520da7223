using System.Globalization;
using Etl.LocalCloud.Faults;

namespace Etl.Chaos.Tests;

/// <summary>One line a trial in the file that <c>ETL_CHAOS_REPORT</c> names, for <c>run.sh</c> to sum up.</summary>
internal static class Report
{
    private static readonly Lock Gate = new();

    public static void Add(string kind, int seed, int struck, int runs, IEnumerable<FaultKind> faults)
    {
        if (Environment.GetEnvironmentVariable("ETL_CHAOS_REPORT") is not { Length: > 0 } path) return;
        lock (Gate) File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{kind}\t{seed}\t{struck}\t{runs}\t{string.Join(',', faults)}\n"));
    }
}
