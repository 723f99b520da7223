using System.Diagnostics;
using Etl.Core.Contracts;
using Etl.Csv;

namespace Etl.Bench;

/// <summary>How long it takes to find the dialect and the schema of a file: from a sample, or from all of it.</summary>
internal static class InferBench
{
    public static async Task RunAsync(FileInfo file, bool whole, int sampleBytes, int times, CancellationToken cancel)
    {
        var seconds = new List<double>();
        SchemaProposal? proposal = null;
        for (var i = 0; i < times; i++)
        {
            var clock = Stopwatch.StartNew();
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous | FileOptions.SequentialScan);
            var head = new byte[Math.Min(sampleBytes, file.Length)];
            await stream.ReadExactlyAsync(head, cancel).ConfigureAwait(false);
            var sample = new Sample(new SourceObject(file.FullName, "", file.Length, file.LastWriteTimeUtc), null, head, head.Length == file.Length) { Rest = whole ? stream : null };
            proposal = await new CsvParser(new CsvOptions()).InferAsync(One(sample), cancel).ConfigureAwait(false);
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        seconds.Sort();
        using var process = Process.GetCurrentProcess();
        var median = seconds[seconds.Count / 2];
        Console.WriteLine($"{(whole ? "whole" : "sample")} {file.Name}: median {median:f3} s of {times} (first {seconds[^1]:f3} s at most), {(whole ? file.Length : sampleBytes) / 1e6 / median:f0} MB/s, most memory {process.PeakWorkingSet64 / 1e6:f0} MB");
        Console.WriteLine("  " + string.Join(' ', proposal!.Schema.Columns.Take(12).Select(c => c.Type)));
    }

    private static async IAsyncEnumerable<Sample> One(Sample sample)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return sample;
    }
}
