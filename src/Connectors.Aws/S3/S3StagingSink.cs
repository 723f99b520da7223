using System.Buffers;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;
using ByteRange = Etl.Core.Contracts.ByteRange;

namespace Etl.Connectors.Aws.S3;

/// <summary>Files as objects of an S3 bucket: each created only where there is none, in one request or in parts, each of which S3 checks by its CRC32C.</summary>
public sealed class S3StagingSink : IStagingSink, IStagedFiles, IDisposable
{
    private const int Mebibyte = 1 << 20;
    private readonly S3StagingOptions options;
    private readonly S3Bucket bucket;

    /// <summary>A sink that makes its client when it is first used.</summary>
    public S3StagingSink(S3StagingOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        bucket = new S3Bucket(options, options.Prefix, context.Local);
        Encoding = new StagingEncoding(options.Format, options.Compression);
    }

    /// <inheritdoc/>
    public StagingEncoding Encoding { get; }

    /// <inheritdoc/>
    /// <remarks>A leftover with other bytes is deleted and the write fails as transient, because the content cannot be read twice: the engine's retry of the split then finds the name free.</remarks>
    public async ValueTask<StagedFile> WriteAsync(string name, Stream content, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(content);
        var key = bucket.Key(name);
        var buffer = ArrayPool<byte>.Shared.Rent(options.ChunkMib * Mebibyte);
        try
        {
            var sum = new ContentSum();
            var length = await ReadAsync(content, buffer, sum, cancel).ConfigureAwait(false);
            var written = length < options.ChunkMib * Mebibyte
                ? await PutAsync(key, buffer, length, sum, cancel).ConfigureAwait(false)
                : await PutPartsAsync(key, content, buffer, length, sum, cancel).ConfigureAwait(false);
            if (!written)
            {
                while (await ReadAsync(content, buffer, sum, cancel).ConfigureAwait(false) > 0)
                {
                }

                await KeepOrDeleteAsync(name, key, sum, buffer, cancel).ConfigureAwait(false);
            }

            return new StagedFile(bucket.Uri(key), sum.Bytes, sum.Crc32c);
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
        if (range.Length == 0 || range.Offset >= file.Bytes) return Stream.Null;
        var key = file.Uri[bucket.Uri("").Length..];
        var request = new GetObjectRequest { BucketName = bucket.Name, Key = key, ByteRange = new Amazon.S3.Model.ByteRange(range.Offset, range.Offset + (range.Length ?? file.Bytes - range.Offset) - 1) };
        var response = await bucket.CallAsync(s3 => s3.GetObjectAsync(request, cancel), key, "read", cancel).ConfigureAwait(false);
        return new CheckedStream(response.ResponseStream, file.Uri);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => bucket.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => bucket.DeleteAsync(found, cancel);

    /// <inheritdoc/>
    public void Dispose() => bucket.Dispose();

    private async ValueTask<int> ReadAsync(Stream content, byte[] buffer, ContentSum sum, CancellationToken cancel)
    {
        var read = await content.ReadAtLeastAsync(buffer.AsMemory(0, options.ChunkMib * Mebibyte), options.ChunkMib * Mebibyte, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        sum.Append(buffer.AsSpan(0, read));
        return read;
    }

    // The checksum goes ahead of the bytes, which are all here: servers that only resemble S3 refuse the SDK's way, which sends it after them.
    private async Task<bool> PutAsync(string key, byte[] buffer, int length, ContentSum sum, CancellationToken cancel)
    {
        using var body = new MemoryStream(buffer, 0, length, writable: false);
        var request = new PutObjectRequest { BucketName = bucket.Name, Key = key, InputStream = body, AutoCloseStream = false, IfNoneMatch = "*", ChecksumCRC32C = sum.Crc32c };
        return await WhereFreeAsync(() => bucket.CallAsync(s3 => s3.PutObjectAsync(request, cancel), key, "write", cancel)).ConfigureAwait(false);
    }

    private async Task<bool> PutPartsAsync(string key, Stream content, byte[] buffer, int length, ContentSum sum, CancellationToken cancel)
    {
        var start = new InitiateMultipartUploadRequest { BucketName = bucket.Name, Key = key, ChecksumAlgorithm = ChecksumAlgorithm.CRC32C };
        var upload = (await bucket.CallAsync(s3 => s3.InitiateMultipartUploadAsync(start, cancel), key, "write", cancel).ConfigureAwait(false)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (; length > 0; length = await ReadAsync(content, buffer, sum, cancel).ConfigureAwait(false))
            {
                using var body = new MemoryStream(buffer, 0, length, writable: false);
                var part = new UploadPartRequest { BucketName = bucket.Name, Key = key, UploadId = upload, PartNumber = parts.Count + 1, PartSize = length, InputStream = body, ChecksumCRC32C = ContentSum.Of(buffer.AsSpan(0, length)).Crc32c };
                var done = await bucket.CallAsync(s3 => s3.UploadPartAsync(part, cancel), key, "write", cancel).ConfigureAwait(false);
                parts.Add(new PartETag(part.PartNumber.Value, done.ETag) { ChecksumCRC32C = done.ChecksumCRC32C });
            }

            var complete = new CompleteMultipartUploadRequest { BucketName = bucket.Name, Key = key, UploadId = upload, PartETags = parts, IfNoneMatch = "*" };
            var written = await bucket.VersionOfAsync(key, cancel).ConfigureAwait(false) is null
                && await WhereFreeAsync(() => bucket.CallAsync(s3 => s3.CompleteMultipartUploadAsync(complete, cancel), key, "write", cancel)).ConfigureAwait(false);
            if (!written) await AbortAsync(key, upload).ConfigureAwait(false);
            return written;
        }
        catch (Exception)
        {
            await AbortAsync(key, upload).ConfigureAwait(false);
            throw;
        }
    }

    // False when something is there already.
    private static async Task<bool> WhereFreeAsync(Func<Task> write)
    {
        try
        {
            await write().ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception e) when (S3Bucket.IsCondition(e))
        {
            return false;
        }
    }

    // Parts that stay are billed and seen by nobody; a lifecycle rule removes those of a process that was killed.
    private async Task AbortAsync(string key, string upload)
    {
        try
        {
            await bucket.CallAsync(s3 => s3.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket.Name, Key = key, UploadId = upload }), key, "write", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EtlException or AmazonS3Exception)
        {
            // What went wrong before is what counts.
        }
    }

    private async Task KeepOrDeleteAsync(string name, string key, ContentSum sent, byte[] buffer, CancellationToken cancel)
    {
        GetObjectResponse there;
        try
        {
            there = await bucket.CallAsync(s3 => s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket.Name, Key = key }, cancel), key, "read", cancel).ConfigureAwait(false);
        }
        catch (ObjectChangedException e)
        {
            throw new ServiceException($"{bucket.Uri(key)} was there and was deleted meanwhile, by another task or a lifecycle rule.", transient: true, e);
        }

        var sum = new ContentSum();
        using (there)
            while (await there.ResponseStream.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var read)
                sum.Append(buffer.AsSpan(0, read));
        if ((sum.Bytes, sum.Crc32c) == (sent.Bytes, sent.Crc32c)) return;
        await DeleteAsync(new StoredObject(name, there.ETag, sum.Bytes, default), cancel).ConfigureAwait(false);
        throw new ServiceException($"{bucket.Uri(key)} was a leftover with other bytes, and was deleted. Staging the split again writes it.", transient: true);
    }
}
