using System.Diagnostics;
using System.Globalization;

namespace Etl.Fuzz;

/// <summary>Feeds mutated texts to a target until the time is over or something breaks; the input that broke it is kept.</summary>
internal sealed class Driver(string name, Func<byte[], Task> target, int seed, DirectoryInfo findings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private byte[] input = [];
    private long startedAt;

    /// <returns>How many inputs broke the target.</returns>
    public async Task<int> RunAsync(IReadOnlyList<byte[]> corpus, TimeSpan time, int mostFindings)
    {
        var mutator = new Mutator(seed, corpus);
        findings.Create();
        // A process that dies of a bad pointer tells nothing but this file.
        var running = Path.Combine(findings.FullName, $"{name}-running");
        var clock = Stopwatch.StartNew();
        var (runs, found) = (0L, new HashSet<string>());
        startedAt = Stopwatch.GetTimestamp();
        await using var watchdog = new Timer(_ => StopWhenHung(), null, Patience, Patience / 4);
        while (clock.Elapsed < time && found.Count < mostFindings)
        {
            var next = mutator.Next();
            (input, startedAt) = (next, Stopwatch.GetTimestamp());
            await File.WriteAllBytesAsync(running, next);
            runs++;
            try
            {
                await target(next);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // One input for each place that breaks.
                var place = e.GetType().Name + (e is InvalidOperationException ? e.Message : "") + e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("Etl.", StringComparison.Ordinal));
                if (found.Add(place))
                    await Console.Out.WriteLineAsync($"{name}: {Keep("broke")}: {e}");
            }
        }

        File.Delete(running);
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: {runs:N0} inputs in {clock.Elapsed.TotalSeconds:f0} s, seed {seed}: {found.Count} places broke"));
        return found.Count;
    }

    private void StopWhenHung()
    {
        if (Stopwatch.GetElapsedTime(startedAt) < Patience)
            return;
        Console.Out.WriteLine($"{name}: {Keep("hung")}: no end after {Patience.TotalSeconds} s");
        Environment.Exit(1);
    }

    private string Keep(string what)
    {
        var file = Path.Combine(findings.FullName, $"{name}-{what}-{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(input))[..12]}");
        File.WriteAllBytes(file, input);
        return file;
    }
}
