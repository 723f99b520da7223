using System.IO.Compression;
using Apache.Arrow;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Formats.Text;

/// <summary>What the text encoders share: the batches in order, each row by the format's own writer, through gzip when asked.</summary>
internal static class TextFile
{
    private static ReadOnlySpan<byte> EmptyGzip => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public delegate void RowWriter(RecordBatch batch, int row, Utf8Buffer to);

    public static async ValueTask<RecordBatch?> WriteAsync(
        IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, bool gzip, Action<Utf8Buffer>? header, RowWriter row, CancellationToken cancel)
    {
        if (schema.Columns.Count == 0)
            throw new DataException("A staged file needs at least one column, and the schema has none.");

        var target = new EncoderOutput(output, cancel);
        try
        {
            Stream body = gzip ? new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true) : target;
            await using (body.ConfigureAwait(false))
            {
                try
                {
                    using var buffer = new Utf8Buffer(body);
                    header?.Invoke(buffer);
                    await foreach (var batch in batches.WithCancellation(cancel).ConfigureAwait(false))
                        using (batch)
                            for (var i = 0; i < batch.Length; i++)
                            {
                                row(batch, i, buffer);
                                buffer.FlushWhenFull();
                            }

                    cancel.ThrowIfCancellationRequested();
                    buffer.Flush();
                }
                catch (Exception)
                {
                    // Before the gzip stream writes its trailer.
                    target.Abandon();
                    throw;
                }
            }

            // The framework's gzip stream writes nothing for nothing, and no bytes are no gzip file.
            if (gzip && target.Length == 0)
                target.Write(EmptyGzip);
            return null;
        }
        catch (Exception)
        {
            target.ThrowFailure();
            throw;
        }
    }
}
