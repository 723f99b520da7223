using Buffer = ParquetSharp.IO.Buffer;

namespace Etl.Formats.Parquet;

/// <summary>Row groups on their way into a file: several are encoded side by side, and written in order.</summary>
internal sealed class RowGroupQueue(EncoderOutput output, CancellationToken cancel) : IAsyncDisposable
{
    // All files of the process share its processors.
    private static readonly SemaphoreSlim Processors = new(Environment.ProcessorCount);

    private readonly Queue<Task<Buffer>> encoding = new();
    private readonly FooterBuilder footer = new();

    /// <summary>Encodes a row group and disposes it.</summary>
    public async ValueTask AddAsync(RowGroup group, RowGroupEncoder encoder)
    {
        while (encoding.Count >= Environment.ProcessorCount)
            await WriteFirstAsync().ConfigureAwait(false);
        try
        {
            await Processors.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch
        {
            group.Dispose();
            throw;
        }
        encoding.Enqueue(Task.Run(() => Encode(group, encoder), CancellationToken.None));
        while (encoding.TryPeek(out var first) && first.IsCompleted)
            await WriteFirstAsync().ConfigureAwait(false);
    }

    /// <summary>Writes what is left, and the footer. A file without a row group needs one for its schema.</summary>
    public async ValueTask CompleteAsync()
    {
        while (encoding.Count > 0)
            await WriteFirstAsync().ConfigureAwait(false);
        output.Write(footer.Build().Span);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (encoding.TryDequeue(out var left))
        {
            await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (left.IsCompletedSuccessfully)
                (await left.ConfigureAwait(false)).Dispose();
        }
    }

    private static Buffer Encode(RowGroup group, RowGroupEncoder encoder)
    {
        try
        {
            using (group)
                return encoder.Encode(group);
        }
        finally
        {
            Processors.Release();
        }
    }

    private async ValueTask WriteFirstAsync()
    {
        using var encoded = await encoding.Dequeue().ConfigureAwait(false);
        Write(encoded);
    }

    private unsafe void Write(Buffer encoded)
    {
        if (output.Length == 0)
            output.Write(FooterBuilder.Magic);
        output.Write(footer.Add(new ReadOnlySpan<byte>((void*)encoded.Data, checked((int)encoded.Size)), output.Length));
    }
}
