using System.Diagnostics;
using System.Globalization;

namespace Etl.Bench.Comparing;

/// <summary>What one process took.</summary>
/// <param name="Seconds">The wall time that the process itself took for the work, or its whole life.</param>
/// <param name="ProcessorSeconds">The processor time of the same, of all threads and children.</param>
/// <param name="PeakBytes">The largest resident set of it or of a child.</param>
/// <param name="Check">What it saw, or empty.</param>
internal sealed record Measured(double Seconds, double ProcessorSeconds, long PeakBytes, string Check);

/// <summary>A contestant failed, or saw something else than the others: its row is not worth printing.</summary>
internal sealed class ContestFailedException(string message) : Exception(message);

/// <summary>Runs a command on a given number of cores, and measures it from outside.</summary>
internal static class MeasuredProcess
{
    public static async Task<Measured> RunAsync(IReadOnlyList<string> command, int threads, CancellationToken cancel)
    {
        var resources = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("taskset") { RedirectStandardOutput = true, RedirectStandardError = true };
            string[] prefix = ["-c", threads == 1 ? "0" : $"0-{threads - 1}", "/usr/bin/time", "-f", "%M %U %S", "-o", resources];
            foreach (var argument in prefix.Concat(command))
                start.ArgumentList.Add(argument);
            start.Environment["POLARS_MAX_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
            var clock = Stopwatch.StartNew();
            using var process = Process.Start(start)!;
            await using var stop = cancel.Register(() => process.Kill(entireProcessTree: true));
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var output = await process.StandardOutput.ReadToEndAsync(cancel).ConfigureAwait(false);
            await process.WaitForExitAsync(cancel).ConfigureAwait(false);
            var wall = clock.Elapsed.TotalSeconds;
            if (process.ExitCode != 0)
                throw new ContestFailedException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await errors.ConfigureAwait(false)}");
            var used = (await File.ReadAllLinesAsync(resources, cancel).ConfigureAwait(false))[^1].Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            var lines = output.Split('\n');
            var own = Array.Find(lines, l => l.StartsWith("seconds ", StringComparison.Ordinal))?[8..].Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            return new Measured(
                own?[0] ?? wall,
                own?[1] ?? used[1] + used[2],
                (long)used[0] * 1024,
                Array.Find(lines, l => l.StartsWith("check ", StringComparison.Ordinal))?[6..] ?? "");
        }
        finally
        {
            File.Delete(resources);
        }
    }
}
