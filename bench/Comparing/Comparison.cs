using System.Globalization;

namespace Etl.Bench.Comparing;

/// <summary>One who does the work, in a process of its own.</summary>
/// <param name="Name">Who: the first one is ours.</param>
/// <param name="Command">How it is started.</param>
/// <param name="Output">The file it makes, or null; Parquet is read and checked.</param>
internal sealed record Contestant(string Name, IReadOnlyList<string> Command, string? Output = null);

/// <summary>The same work by several contestants.</summary>
/// <param name="Subject">What is worked on: the row's name.</param>
/// <param name="Shape">The columns of the file.</param>
/// <param name="Bytes">The bytes of the CSV, uncompressed and in UTF-8: what speeds are reckoned from.</param>
/// <param name="Threads">How many cores and threads each has.</param>
/// <param name="Inputs">The files that are read, so that they are in the page cache.</param>
/// <param name="Contestants">Ours, then the peers.</param>
internal sealed record Comparison(string Subject, Shape Shape, long Bytes, int Threads, IReadOnlyList<string> Inputs, IReadOnlyList<Contestant> Contestants);

/// <summary>The medians of one contestant.</summary>
internal sealed record Outcome(string Name, double Seconds, long PeakBytes, long OutputBytes);

/// <summary>How time is told.</summary>
internal enum Clock
{
    /// <summary>By the wall clock: what is published, from a quiet machine.</summary>
    Wall,

    /// <summary>By the processor time of all threads: tells two versions apart while others use the machine too; says nothing of overlap.</summary>
    Processor,
}

/// <summary>Runs comparisons: in every round each contestant once, in turn, and no contestant's result counts unless all saw the same.</summary>
internal static class Comparer
{
    public static async Task<IReadOnlyList<Outcome>> RunAsync(Comparison comparison, int rounds, Clock clock, CancellationToken cancel)
    {
        foreach (var input in comparison.Inputs)
            await WarmAsync(input, cancel).ConfigureAwait(false);
        var results = comparison.Contestants.ToDictionary(c => c.Name, _ => new List<Measured>());
        var sizes = new Dictionary<string, long>();
        for (var round = 0; round < rounds; round++)
        {
            var checks = new List<(string Name, string Check)>();
            foreach (var contestant in comparison.Contestants)
            {
                var run = await MeasuredProcess.RunAsync(contestant.Command, comparison.Threads, cancel).ConfigureAwait(false);
                var measured = clock == Clock.Wall ? run : run with { Seconds = run.ProcessorSeconds };
                results[contestant.Name].Add(measured);
                var check = measured.Check;
                if (contestant.Output is { } output)
                {
                    sizes[contestant.Name] = new FileInfo(output).Length;
                    if (round == 0 && output.EndsWith(".parquet", StringComparison.Ordinal))
                        check = ParquetCheck.Of(output, comparison.Shape);
                    File.Delete(output);
                }

                checks.Add((contestant.Name, check));
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"{comparison.Subject}, round {round + 1}: {contestant.Name} {measured.Seconds:f3} s ({comparison.Bytes / 1e6 / measured.Seconds:f0} MB/s), peak {measured.PeakBytes / 1e6:f0} MB")).ConfigureAwait(false);
            }

            Checks.MustAgree(comparison.Subject, checks);
        }

        return [.. comparison.Contestants.Select(c => new Outcome(
            c.Name, Median(results[c.Name].Select(m => m.Seconds)), (long)Median(results[c.Name].Select(m => (double)m.PeakBytes)), sizes.GetValueOrDefault(c.Name)))];
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task WarmAsync(string file, CancellationToken cancel)
    {
        await using var content = File.OpenRead(file);
        await content.CopyToAsync(Stream.Null, 1 << 20, cancel).ConfigureAwait(false);
    }
}
