using System.Diagnostics;
using System.Globalization;
using Apache.Arrow;
using Etl.Bench.Contenders;
using Etl.Core.Contracts;
using Etl.Formats;

namespace Etl.Bench;

/// <summary>How fast an encoder is by itself: a file's columns are parsed once, and handed over again and again.</summary>
internal static class EncodeBench
{
    /// <summary>Encodes as much as all of <paramref name="file"/> in Parquet, and reports the time it took.</summary>
    public static async Task MeasureAsync(StagingCompression compression, string warmUp, string file, CancellationToken cancel)
    {
        var encoding = new StagingEncoding(StagingFormat.Parquet, compression);
        await EncodeAsync(encoding, warmUp, new FileInfo(warmUp).Length, cancel).ConfigureAwait(false);
        var (took, _, processor) = await EncodeAsync(encoding, file, new FileInfo(file).Length, cancel).ConfigureAwait(false);
        InProcess.Report(took, processor, "");
    }

    /// <summary>Encodes as much as <paramref name="size"/> bytes of CSV like <paramref name="file"/>, and prints what came of it.</summary>
    public static async Task RunAsync(StagingEncoding encoding, string file, long size, CancellationToken cancel)
    {
        var (took, written, processor) = await EncodeAsync(encoding, file, size, cancel).ConfigureAwait(false);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{encoding.Format} {encoding.Compression}: the columns of {size / 1e6:f0} MB of CSV to {written / 1e6:f0} MB in {took.TotalSeconds:f1} s: {size / 1e6 / took.TotalSeconds:f0} MB/s of CSV, processor {processor.TotalSeconds:f1} s, most memory {process.PeakWorkingSet64 / 1e6:f0} MB"));
    }

    private static async Task<(TimeSpan Took, long Written, TimeSpan Processor)> EncodeAsync(StagingEncoding encoding, string file, long size, CancellationToken cancel)
    {
        using var parsed = await ParsedColumns.ReadAsync(file, cancel).ConfigureAwait(false);
        var times = Math.Max(1, (int)Math.Round((double)size / parsed.Text.Length));
        using var output = new CountingStream();
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await EncoderFactory.Create(encoding).EncodeAsync(Repeat(parsed.Batches, times), parsed.Schema, output, cancel).ConfigureAwait(false);
        var part = (double)size / parsed.Text.Length / times;
        var took = clock.Elapsed * part;
        process.Refresh();
        return (took, output.Count, process.TotalProcessorTime - processor);
    }

    private static async IAsyncEnumerable<RecordBatch> Repeat(IReadOnlyList<RecordBatch> batches, int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var batch in batches)
            {
                yield return batch.SliceShared(0, batch.Length);
                await Task.CompletedTask.ConfigureAwait(false);
            }
        }
    }
}
