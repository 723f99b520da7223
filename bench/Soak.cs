using System.Globalization;
using System.IO.Pipelines;
using Etl.Bench.Contenders;
using Etl.Core.Contracts;
using Etl.Formats;

namespace Etl.Bench;

/// <summary>Holds memory to a bound: a stream of any size, generated as it is read and never on disk, is parsed and encoded as Parquet.</summary>
internal static class Soak
{
    private const int GeneratedAhead = 4 << 20;

    /// <returns>0 when the process never had more than <paramref name="limit"/> bytes resident, 1 when it had.</returns>
    public static async Task<int> RunAsync(Shape shape, long size, long limit, CancellationToken cancel)
    {
        var sample = Path.GetTempFileName();
        try
        {
            await using (var output = File.Create(sample))
                Generator.Write(shape, 4_000_000, seed: 1, output);
            var schema = await EtlContender.InferAsync(sample, cancel).ConfigureAwait(false);
            var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: GeneratedAhead, resumeWriterThreshold: GeneratedAhead / 2, useSynchronizationContext: false));
            var generating = Task.Run(
                () =>
                {
                    using var output = pipe.Writer.AsStream();
                    Generator.Write(shape, size, seed: 1, output);
                },
                cancel);
            var rows = 0L;
            using var parquet = new CountingStream();
            await EncoderFactory.Create(new StagingEncoding(StagingFormat.Parquet, StagingCompression.Zstd))
                .EncodeAsync(Counted(EtlContender.ParseAsync(pipe.Reader.AsStream(), schema, cancel)), schema, parquet, cancel).ConfigureAwait(false);
            await generating.ConfigureAwait(false);
            var peak = await PeakAsync(cancel).ConfigureAwait(false);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size / 1e6:f0} MB of {shape}, {rows:N0} rows, to {parquet.Count / 1e6:f0} MB of Parquet: at most {peak / 1e6:f0} MB of memory, {limit / 1e6:f0} MB allowed"));
            return peak <= limit ? 0 : 1;

            async IAsyncEnumerable<Apache.Arrow.RecordBatch> Counted(IAsyncEnumerable<Apache.Arrow.RecordBatch> batches)
            {
                await foreach (var batch in batches.ConfigureAwait(false))
                {
                    rows += batch.Length;
                    yield return batch;
                }
            }
        }
        finally
        {
            File.Delete(sample);
        }
    }

    // What /usr/bin/time tells too.
    private static async Task<long> PeakAsync(CancellationToken cancel)
    {
        var line = (await File.ReadAllLinesAsync("/proc/self/status", cancel).ConfigureAwait(false)).First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }
}
