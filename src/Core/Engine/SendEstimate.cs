using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Polly;

namespace Etl.Core.Engine;

/// <summary>About how much a run will send to the staging sink: the beginnings of some objects are parsed, transformed and encoded as the run will, and the result is only counted.</summary>
internal sealed class SendEstimate(Pipeline pipeline, ResiliencePipeline retry)
{
    private const int Objects = 4;
    private const long BytesEach = 4L << 20;

    /// <summary>Bytes; null when none of the samples could be read to the end.</summary>
    public async Task<long?> OfAsync(RunPlan plan, CancellationToken cancel)
    {
        if (plan.Run is not { } run) return 0;
        var whole = run.Splits.Sum(s => s.Bytes);
        if (run.Encoding.Format == StagingFormat.Passthrough) return whole;
        var divisible = plan.Dialects.Where(d => d.Divisible).Select(d => d.Uri).ToHashSet();
        var (read, sent) = (0L, 0L);
        foreach (var sampled in Spread([.. run.Splits.Where(s => s.Range.Offset == 0)]))
            try
            {
                var range = sampled.Range != ByteRange.All || divisible.Contains(sampled.Object.Uri) ? new ByteRange(0, Math.Min(BytesEach, sampled.Object.Length)) : ByteRange.All;
                var (moreRead, moreSent) = await retry.ExecuteAsync(async stop => await MeasureAsync(run, sampled.Object, range, stop).ConfigureAwait(false), cancel).ConfigureAwait(false);
                (read, sent) = (read + moreRead, sent + moreSent);
            }
            catch (DataException)
            {
                // The run will say so, and where.
            }

        return read == 0 ? (whole == 0 ? 0 : null) : (long)((double)sent / read * whole);
    }

    private async Task<(long Read, long Sent)> MeasureAsync(RunManifest run, SourceObject sampled, ByteRange range, CancellationToken cancel)
    {
        var reader = new SplitReader(pipeline.Source, sampled, range, null, pipeline.Parser, SchemaFit.Bind(pipeline.Transforms, run), pipeline.Time, pipeline.Limits.Unpack, new MetadataColumns(run.SourceSchema, run.RunId, pipeline.Time.GetUtcNow()));
        await using var _ = reader.ConfigureAwait(false);
        var sent = new Counted();
        await using var __ = sent.ConfigureAwait(false);
        var encoder = pipeline.Encoders(run.Encoding);
        var batches = TakeAsync(reader, run.SourceSchema, cancel).GetAsyncEnumerator(cancel);
        await using var ___ = batches.ConfigureAwait(false);
        RecordBatch? left = null;
        do left = await encoder.EncodeAsync(RestAsync(left, batches), run.Schema, sent, cancel).ConfigureAwait(false);
        while (left is not null);
        return (Math.Min(reader.BytesRead, range.Length ?? sampled.Length), sent.Count);
    }

    private static async IAsyncEnumerable<RecordBatch> TakeAsync(SplitReader reader, TableSchema schema, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var batch in reader.ReadAsync(schema, new NoDeadLetters(), cancel).ConfigureAwait(false))
        {
            yield return batch;
            if (reader.BytesRead > 2 * BytesEach) yield break;
        }
    }

    private static async IAsyncEnumerable<RecordBatch> RestAsync(RecordBatch? first, IAsyncEnumerator<RecordBatch> batches)
    {
        if (first is not null) yield return first;
        while (await batches.MoveNextAsync().ConfigureAwait(false)) yield return batches.Current;
    }

    private static IEnumerable<Split> Spread(IReadOnlyList<Split> splits) =>
        splits.Count <= Objects ? splits : Enumerable.Range(0, Objects).Select(i => splits[(int)((long)i * (splits.Count - 1) / (Objects - 1))]);

    private sealed class NoDeadLetters : IDeadLetters
    {
        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) => ValueTask.CompletedTask;
    }

    private sealed class Counted : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Count;

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
