using System.Diagnostics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Formats.Tests;

[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int Rows = 16_384;
    private static readonly TableSchema Schema = new([
        new("id", ColumnType.Int64, Nullable: false), new("amount", ColumnType.Numeric), new("note", ColumnType.String), new("status", ColumnType.String)]);

    [Theory]
    [InlineData(StagingFormat.Parquet, StagingCompression.Zstd)]
    [InlineData(StagingFormat.Parquet, StagingCompression.Snappy)]
    [InlineData(StagingFormat.Csv, StagingCompression.None)]
    public async Task AGigabyteIsEncodedInBoundedMemory(StagingFormat format, StagingCompression compression)
    {
        var encoder = EncoderFactory.Create(new(format, compression));
        await encoder.EncodeAsync(Generate(64L << 20), Schema, new CountingStream(), TestContext.Current.CancellationToken);
        GC.Collect();
        var before = Environment.WorkingSet;
        var peak = before;
        var output = new CountingStream();
        var clock = Stopwatch.StartNew();
        var size = 0L;
        await encoder.EncodeAsync(Generate(1L << 30, written => (peak, size) = (Math.Max(peak, Environment.WorkingSet), written)), Schema, output, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{format} {compression}: {size >> 20} MB of Arrow in {clock.Elapsed.TotalSeconds:f1} s, {(size >> 20) / clock.Elapsed.TotalSeconds:f0} MB/s, to {output.Count >> 20} MB; working set {before >> 20} MB, at most {peak >> 20} MB");
        Assert.True(peak - before < 200L << 20, $"The working set grew from {before >> 20} MB to {peak >> 20} MB.");
    }

    private static async IAsyncEnumerable<RecordBatch> Generate(long bytes, Action<long>? progress = null)
    {
        var random = new Random(7);
        var arrow = Schema.ToArrow();
        var statuses = new[] { "open", "shipped", "returned" };
        var note = new byte[48];
        for (var written = 0L; written < bytes;)
        {
            var (ids, amounts) = (new long[Rows], new Int128[Rows]);
            var (notes, status) = (new StringArray.Builder(), new StringArray.Builder());
            for (var i = 0; i < Rows; i++)
            {
                ids[i] = random.NextInt64();
                amounts[i] = random.Next(1_000_000) * (Int128)10_000_000;
                for (var c = 0; c < note.Length; c++)
                    note[c] = (byte)random.Next('a', 'q');
                notes.Append(note.AsSpan());
                status.Append(statuses[random.Next(3)]);
            }

            var batch = new RecordBatch(arrow, [Fixed(ColumnType.Int64, ids), Fixed(ColumnType.Numeric, amounts), notes.Build(), status.Build()], Rows);
            written += Rows * (8 + 16 + 52 + 10L);
            progress?.Invoke(written);
            yield return batch;
            await Task.Yield();
        }
    }

    private static IArrowArray Fixed<T>(ColumnType type, T[] values) where T : unmanaged =>
        ArrowArrayFactory.BuildArray(new ArrayData(type.ToArrow(), values.Length, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer(MemoryMarshal.AsBytes<T>(values).ToArray())]));
}
