using System.Diagnostics;
using System.Globalization;
using Etl.Core.Contracts;

namespace Etl.Bench.Contenders;

/// <summary>One contender in a process of its own: warmed up on a small file of the same shape, then timed. It prints the seconds and what it saw.</summary>
internal static class InProcess
{
    // On one pinned core the JIT needs seconds to find out what is hot and to optimise it. Small files are for trying the benchmark out.
    private const double WarmUpBytesASecond = 40e6;
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    public static readonly string[] Names =
        ["etl-file", "etl-memory", "duckdb", "sylvan", "csvhelper", "csvhelper-pointing", "etl-sniff", "duckdb-sniff", "spans", "read-file", "read-memory", "encode-zstd", "encode-snappy", .. ParquetWriters.Names];

    public static async Task MeasureAsync(string contender, Shape shape, string file, CancellationToken cancel)
    {
        var small = Path.Combine(Path.GetTempPath(), $"etl-bench-{Environment.ProcessId}.csv");
        try
        {
            await using (var output = File.Create(small))
                Generator.Write(shape, 8_000_000, seed: 2, output);
            if (contender.StartsWith("encode-", StringComparison.Ordinal))
            {
                await EncodeBench.MeasureAsync(contender == "encode-zstd" ? StagingCompression.Zstd : StagingCompression.Snappy, small, file, cancel).ConfigureAwait(false);
                return;
            }

            if (ParquetWriters.Names.Contains(contender))
            {
                await ParquetWriters.MeasureAsync(contender, shape, small, file, cancel).ConfigureAwait(false);
                return;
            }

            var warm = await PrepareAsync(contender, shape, small, cancel).ConfigureAwait(false);
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < WarmUp(file);)
                await warm().ConfigureAwait(false);

            GC.Collect();
            var run = await PrepareAsync(contender, shape, file, cancel).ConfigureAwait(false);
            // What is over before the clock is worth much is done several times.
            var times = new (TimeSpan Wall, TimeSpan Processor)[contender is "etl-sniff" or "duckdb-sniff" or "read-memory" ? 5 : 1];
            var seen = default(Scanned);
            for (var i = 0; i < times.Length; i++)
            {
                var processor = Environment.CpuUsage.TotalTime;
                var timed = Stopwatch.StartNew();
                seen = await run().ConfigureAwait(false);
                times[i] = (timed.Elapsed, Environment.CpuUsage.TotalTime - processor);
            }

            Array.Sort(times);
            var (wall, used) = times[times.Length / 2];
            Report(wall, used, seen.Rows == 0 ? "" : contender == "spans" ? $"rows={seen.Rows}" : seen.Check);
        }
        finally
        {
            File.Delete(small);
        }
    }

    /// <summary>How long code runs before it is timed on a file.</summary>
    public static TimeSpan WarmUp(string file) =>
        TimeSpan.FromSeconds(Math.Min(LongestWarmUp.TotalSeconds, new FileInfo(file).Length / WarmUpBytesASecond));

    /// <summary>Prints a result in the form the comparison reads.</summary>
    public static void Report(TimeSpan took, TimeSpan processor, string check)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seconds {took.TotalSeconds:f6} {processor.TotalSeconds:f6}"));
        if (check.Length > 0)
            Console.WriteLine($"check {check}");
    }

    private static async Task<Func<Task<Scanned>>> PrepareAsync(string contender, Shape shape, string file, CancellationToken cancel)
    {
        switch (contender)
        {
            case "etl-file":
                {
                    var schema = await EtlContender.InferAsync(file, cancel).ConfigureAwait(false);
                    return async () =>
                    {
                        await using var content = Open(file);
                        return await EtlContender.ScanAsync(content, schema, cancel).ConfigureAwait(false);
                    };
                }
            case "etl-memory":
                {
                    var schema = await EtlContender.InferAsync(file, cancel).ConfigureAwait(false);
                    var bytes = await File.ReadAllBytesAsync(file, cancel).ConfigureAwait(false);
                    return () => EtlContender.ScanAsync(new MemoryStream(bytes), schema, cancel);
                }
            case "etl-sniff":
                return async () => new Scanned { TextLength = (await EtlContender.InferAsync(file, cancel).ConfigureAwait(false)).Columns.Count };
            case "read-memory":
                {
                    var bytes = await File.ReadAllBytesAsync(file, cancel).ConfigureAwait(false);
                    return () => Task.FromResult(MemoryLimits.ReadMemory(bytes));
                }
            case "duckdb" or "duckdb-sniff":
                {
                    var query = DuckDbContender.Open(threads: 1);
                    return () => Task.FromResult(contender == "duckdb" ? DuckDbContender.Scan(query, shape, file) : new Scanned { TextLength = DuckDbContender.Sniff(query, file) });
                }
            case "sylvan": return () => Task.FromResult(SylvanContender.Scan(shape, file));
            case "csvhelper" or "csvhelper-pointing": return () => Streamed(file, content => CsvHelperContender.Scan(shape, content, texts: contender == "csvhelper"));
            case "spans": return () => Streamed(file, CsvHelperContender.Spans);
            case "read-file": return () => Streamed(file, MemoryLimits.ReadFile);
            default: throw new ArgumentException($"There is no contender {contender}; there are {string.Join(", ", Names)}.");
        }
    }

    private static Task<Scanned> Streamed(string file, Func<Stream, Scanned> scan)
    {
        using var content = Open(file);
        return Task.FromResult(scan(content));
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
}
