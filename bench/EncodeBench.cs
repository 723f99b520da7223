using System.Diagnostics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats;

namespace Etl.Bench;

/// <summary>How fast an encoder is by itself: batches are made once and handed over again and again.</summary>
internal static class EncodeBench
{
    private const int Rows = 32_768;
    private static readonly TableSchema Schema = new([
        new("order_id", ColumnType.Int64, Nullable: false), new("ordered_at", ColumnType.Timestamp), new("amount", ColumnType.Numeric),
        new("status", ColumnType.String), new("email", ColumnType.String), new("product", ColumnType.String)]);

    public static async Task RunAsync(StagingEncoding encoding, long size, CancellationToken cancel)
    {
        var batch = Batch();
        var bytes = (Rows * (8 + 8 + 16 + 12L)) + Enumerable.Range(3, 3).Sum(i => (long)((StringArray)batch.Column(i)).ValueOffsets[Rows]);
        var encoder = EncoderFactory.Create(encoding);
        using var output = new CountingStream();
        var clock = Stopwatch.StartNew();
        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        await encoder.EncodeAsync(Repeat(batch, (int)(size / bytes)), Schema, output, cancel).ConfigureAwait(false);
        var seconds = clock.Elapsed.TotalSeconds;
        var done = size / bytes * bytes / 1e6;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{encoding.Format} {encoding.Compression}: {done:f0} MB of Arrow to {output.Count / 1e6:f0} MB in {seconds:f1} s: {done / seconds:f0} MB/s, processor {(process.TotalProcessorTime - processor).TotalSeconds:f1} s, most memory {process.PeakWorkingSet64 / 1e6:f0} MB");
    }

    private static async IAsyncEnumerable<RecordBatch> Repeat(RecordBatch batch, int times)
    {
        for (var i = 0; i < times; i++)
        {
            yield return batch.SliceShared(0, Rows);
            await Task.CompletedTask.ConfigureAwait(false);
        }
    }

    private static RecordBatch Batch()
    {
        var random = new Random(1);
        var (ids, times, amounts) = (new long[Rows], new long[Rows], new Int128[Rows]);
        var (status, email, product) = (new StringArray.Builder(), new StringArray.Builder(), new StringArray.Builder());
        for (var i = 0; i < Rows; i++)
        {
            (ids[i], times[i], amounts[i]) = (i, 1_700_000_000_000_000 + (random.NextInt64(86400L * 365) * 1_000_000), random.Next(1_000_000) * (Int128)10_000_000);
            status.Append(random.Next(3) == 0 ? "open" : "shipped");
            email.Append($"customer{random.Next(100_000)}@example.com");
            product.Append(random.Next(2) == 0 ? "緑茶 500ml" : "醤油せんべい");
        }

        return new RecordBatch(
            Schema.ToArrow(),
            [Fixed(ColumnType.Int64, ids), Fixed(ColumnType.Timestamp, times), Fixed(ColumnType.Numeric, amounts), status.Build(), email.Build(), product.Build()],
            Rows);
    }

    private static IArrowArray Fixed<T>(ColumnType type, T[] values) where T : unmanaged =>
        ArrowArrayFactory.BuildArray(new ArrayData(type.ToArrow(), values.Length, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(MemoryMarshal.AsBytes<T>(values).ToArray())]));

    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;

        public override void Write(byte[] buffer, int offset, int count) => Count += count;
    }
}
