using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Core.Telemetry;

namespace Etl.Core.Engine;

/// <summary>Encodes batches into staged files of one split. Encoding and uploading overlap through a bounded pipe; a new part starts after <see cref="PartBytes"/> of batches, so that parts depend on the data alone.</summary>
internal sealed class PartWriter(IStagingSink sink, IEncoder encoder, TableSchema schema, AttemptProgress progress)
{
    /// <summary>Arrow bytes in one part.</summary>
    public const long PartBytes = 1L << 30;

    private static readonly PipeOptions Buffering = new(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, minimumSegmentSize: 64 << 10, useSynchronizationContext: false);

    /// <summary>Writes everything the channel gives, into files numbered from <paramref name="first"/> on.</summary>
    public async Task<IReadOnlyList<StagedFile>> WriteAsync(string prefix, int first, ChannelReader<RecordBatch> batches, CancellationToken cancel)
    {
        var files = new List<StagedFile>();
        RecordBatch? left = null;
        try
        {
            while (left is not null || await batches.WaitToReadAsync(cancel).ConfigureAwait(false))
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{first + files.Count:D3}{encoder.Extension}");
                var begin = left;
                left = null;
                (var file, left) = await WritePartAsync(name, begin, batches, cancel).ConfigureAwait(false);
                files.Add(file);
            }
        }
        finally
        {
            left?.Dispose();
        }

        return files;
    }

    /// <summary>Stages <paramref name="content"/> under <paramref name="name"/> and makes sure that what arrived is what was sent.</summary>
    public static async Task<StagedFile> StageAsync(IStagingSink sink, string name, Stream content, AttemptProgress progress, CancellationToken cancel)
    {
        var sent = new ChecksummedStream(content, bytes => progress.Staged(bytes));
        await using (sent.ConfigureAwait(false))
        {
            var file = await RunTelemetry.SpanAsync("part", "etl.part", name, () => sink.WriteAsync(name, sent, cancel).AsTask()).ConfigureAwait(false);
            return file.Bytes == sent.Count && file.Crc32c == sent.Crc32c ? file
                : throw new ServiceException($"{file.Uri} holds other bytes than were sent ({file.Bytes:N0} of {sent.Count:N0}, CRC32C {file.Crc32c} for {sent.Crc32c}): the upload was damaged on the way. Nothing was loaded.", transient: true);
        }
    }

    private async Task<(StagedFile File, RecordBatch? Left)> WritePartAsync(string name, RecordBatch? first, ChannelReader<RecordBatch> batches, CancellationToken cancel)
    {
        var pipe = new Pipe(Buffering);
        StagedFile? file = null;
        RecordBatch? left = null;
        await Overlap.RunAsync(
            cancel,
            async stop =>
            {
                Exception? failure = null;
                try
                {
                    var output = pipe.Writer.AsStream(leaveOpen: true);
                    await using (output.ConfigureAwait(false))
                        left = await encoder.EncodeAsync(TakePartAsync(first, batches, stop), schema, output, stop).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    failure = e;
                    throw;
                }
                finally
                {
                    await pipe.Writer.CompleteAsync(failure).ConfigureAwait(false);
                }
            },
            async stop =>
            {
                try
                {
                    file = await StageAsync(sink, name, pipe.Reader.AsStream(leaveOpen: true), progress, stop).ConfigureAwait(false);
                }
                finally
                {
                    await pipe.Reader.CompleteAsync().ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        return (file!, left);
    }

    private static async IAsyncEnumerable<RecordBatch> TakePartAsync(RecordBatch? first, ChannelReader<RecordBatch> batches, [EnumeratorCancellation] CancellationToken cancel)
    {
        long taken = 0;
        if (first is not null)
        {
            taken = Bytes(first);
            yield return first;
        }

        while (taken < PartBytes && await batches.WaitToReadAsync(cancel).ConfigureAwait(false))
            if (batches.TryRead(out var batch))
            {
                taken += Bytes(batch);
                yield return batch;
            }
    }

    private static long Bytes(RecordBatch batch) => batch.Arrays.Sum(array => array.Data.Buffers.Sum(buffer => (long)buffer.Length));
}
