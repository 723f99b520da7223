using System.Buffers;
using Azure;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Azure;

/// <summary>Files as block blobs: each created only where there is none, in one request or in blocks, each of which Azure checks by its checksum.</summary>
public sealed class AzureStagingSink : IStagingSink, IStagedFiles
{
    private readonly int chunk;
    private readonly AzureContainer container;

    /// <summary>A sink that makes its client when it is first used.</summary>
    public AzureStagingSink(AzureStagingOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        chunk = options.ChunkMib << 20;
        container = new AzureContainer(options, options.Prefix, context);
        Encoding = new StagingEncoding(options.Format, options.Compression);
    }

    /// <inheritdoc/>
    public StagingEncoding Encoding { get; }

    /// <inheritdoc/>
    /// <remarks>A leftover with other bytes is deleted and the write fails as transient, because the content cannot be read twice: the engine's retry of the split then finds the name free.</remarks>
    public async ValueTask<StagedFile> WriteAsync(string name, Stream content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(content);
        var key = container.Key(name);
        var buffer = ArrayPool<byte>.Shared.Rent(chunk);
        try
        {
            var upload = new AzureUpload(container, key, content, buffer.AsMemory(0, chunk));
            try
            {
                await upload.SendAsync(cancel).ConfigureAwait(false);
            }
            catch (RequestFailedException)
            {
                await upload.ReadToEndAsync(cancel).ConfigureAwait(false);
                await KeepOrDeleteAsync(name, upload.Sum, buffer, cancel).ConfigureAwait(false);
            }

            return new StagedFile(container.Uri(key), upload.Sum.Bytes, upload.Sum.Crc32c);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(StagedFile file, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(file);
        var key = container.KeyOf(file.Uri);
        return range.Length == 0 || range.Offset >= file.Bytes ? Stream.Null : await container.OpenAsync(key, version: null, range, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => container.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => container.DeleteAsync(found, cancel);

    private async Task KeepOrDeleteAsync(string name, ContentSum sent, byte[] buffer, CancellationToken cancel)
    {
        var uri = container.Uri(container.Key(name));
        AzureContent there;
        try
        {
            there = await container.OpenAsync(container.Key(name), version: null, ByteRange.All, cancel).ConfigureAwait(false);
        }
        catch (ObjectChangedException e)
        {
            throw new ServiceException($"{uri} was there and was deleted meanwhile, by another task or a lifecycle rule.", transient: true, e);
        }

        var sum = new ContentSum();
        await using (there.ConfigureAwait(false))
            while (await there.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var read)
                sum.Append(buffer.AsSpan(0, read));
        if ((sum.Bytes, sum.Crc32c) == (sent.Bytes, sent.Crc32c)) return;
        await DeleteAsync(new StoredObject(name, there.Version, sum.Bytes, default), cancel).ConfigureAwait(false);
        throw new ServiceException($"{uri} was a leftover with other bytes, and was deleted. Staging the split again writes it.", transient: true);
    }
}
