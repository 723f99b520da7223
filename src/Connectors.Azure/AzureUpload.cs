using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Etl.Core.Contracts;

namespace Etl.Connectors.Azure;

/// <summary>Sends a content of unknown length as one new block blob (https://learn.microsoft.com/rest/api/storageservices/understanding-block-blobs--append-blobs--and-page-blobs). Blocks that no blob was made of are seen by nobody, and Azure drops them after a week.</summary>
/// <param name="container">Where it goes.</param>
/// <param name="key">The blob, which must not be there yet.</param>
/// <param name="content">What is sent.</param>
/// <param name="buffer">As long as a block; what is sent stands in it.</param>
internal sealed class AzureUpload(AzureContainer container, string key, Stream content, Memory<byte> buffer)
{
    private static readonly UploadTransferValidationOptions Checked = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 };
    private static readonly BlobRequestConditions New = new() { IfNoneMatch = ETag.All };

    /// <summary>What was read of the content.</summary>
    public ContentSum Sum { get; } = new();

    /// <summary>How a blob is written in one request.</summary>
    public static BlobUploadOptions Whole(int length, BlobRequestConditions? conditions) =>
        new() { Conditions = conditions, TransferValidation = Checked, TransferOptions = new StorageTransferOptions { InitialTransferSize = length + 1 } };

    /// <summary>Sends it.</summary>
    /// <exception cref="RequestFailedException">The blob is there already.</exception>
    public async Task SendAsync(CancellationToken cancel)
    {
        var length = await ReadAsync(cancel).ConfigureAwait(false);
        if (length == buffer.Length) await SendBlocksAsync(length, cancel).ConfigureAwait(false);
        else
            using (var body = Body(length))
                await container.CallAsync(key, "write", blob => blob.UploadAsync(body, Whole(length, New), cancel), cancel).ConfigureAwait(false);
    }

    /// <summary>Reads what was not sent, so that <see cref="Sum"/> is of all.</summary>
    public async Task ReadToEndAsync(CancellationToken cancel)
    {
        while (await ReadAsync(cancel).ConfigureAwait(false) > 0)
        {
        }
    }

    private async Task SendBlocksAsync(int length, CancellationToken cancel)
    {
        // Two tasks that write one blob at once must not take each other's blocks for theirs.
        var upload = Guid.NewGuid();
        var blocks = new List<string>();
        for (; length > 0; length = await ReadAsync(cancel).ConfigureAwait(false))
        {
            blocks.Add(BlockId(upload, blocks.Count));
            using var body = Body(length);
            await container.CallAsync(key, "write", blob => blob.StageBlockAsync(blocks[^1], body, new BlockBlobStageBlockOptions { TransferValidation = Checked }, cancel), cancel).ConfigureAwait(false);
        }

        await container.CallAsync(key, "write", blob => blob.CommitBlockListAsync(blocks, new CommitBlockListOptions { Conditions = New }, cancel), cancel).ConfigureAwait(false);
    }

    private async ValueTask<int> ReadAsync(CancellationToken cancel)
    {
        var read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        Sum.Append(buffer.Span[..read]);
        return read;
    }

    private MemoryStream Body(int length) => MemoryMarshal.TryGetArray<byte>(buffer, out var array) ? new MemoryStream(array.Array!, array.Offset, length, writable: false) : throw new InvalidOperationException("The buffer is no array.");

    // The ids of a blob's blocks must be equally long.
    private static string BlockId(Guid upload, int number)
    {
        Span<byte> id = stackalloc byte[20];
        upload.TryWriteBytes(id);
        BinaryPrimitives.WriteInt32BigEndian(id[16..], number);
        return Convert.ToBase64String(id);
    }
}
