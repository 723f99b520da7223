using Amazon.S3;
using Amazon.S3.Model;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Aws.S3;

/// <summary>State in an S3 bucket; the ETag and S3's conditional writes decide who was first.</summary>
public sealed class S3StateStore : IStateStore, IDisposable
{
    private readonly S3Bucket bucket;

    /// <summary>A store that makes its client when it is first used.</summary>
    public S3StateStore(S3StateOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        // A write that the SDK repeats by itself could find its own first try, and take it for another's: the engine repeats it, and looks.
        bucket = new S3Bucket(options, options.Prefix, context.Local, retries: 0);
    }

    /// <inheritdoc/>
    public string Locate(string name) => bucket.Uri(bucket.Key(name));

    /// <inheritdoc/>
    public async ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel)
    {
        var key = bucket.Key(name);
        try
        {
            using var found = await bucket.CallAsync(s3 => s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket.Name, Key = key }, cancel), key, "read", cancel).ConfigureAwait(false);
            using var content = new MemoryStream();
            await new CheckedStream(found.ResponseStream, Locate(name)).CopyToAsync(content, cancel).ConfigureAwait(false);
            return new StateDocument(content.ToArray(), found.ETag);
        }
        catch (ObjectChangedException)
        {
            return null;
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw S3Errors.Explain(e, bucket.Name, key, "read");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        var key = bucket.Key(name);
        try
        {
            return await PutAsync(key, content, condition.Version, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AmazonS3Exception or ObjectChangedException)
        {
            // Its condition did not hold, or there is none any more to have that version.
            throw new StateConflictException(name, e);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => bucket.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => bucket.DeleteAsync(found, cancel);

    /// <inheritdoc/>
    public void Dispose() => bucket.Dispose();

    // Ceph up to version 16 and what resembles it compare an ETag without the quotes that belong to it (RFC 9110, section 8.8.3).
    private async Task<string> PutAsync(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancel)
    {
        try
        {
            return await PutOnceAsync(key, content, version, cancel).ConfigureAwait(false);
        }
        catch (AmazonS3Exception) when (version is { Length: > 0 })
        {
            if (await bucket.VersionOfAsync(key, cancel).ConfigureAwait(false) != version) throw;
            return await PutOnceAsync(key, content, version.Trim('"'), cancel).ConfigureAwait(false);
        }
    }

    private async Task<string> PutOnceAsync(string key, ReadOnlyMemory<byte> content, string? version, CancellationToken cancel)
    {
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var request = new PutObjectRequest { BucketName = bucket.Name, Key = key, InputStream = body, ContentType = "application/json", ChecksumCRC32C = ContentSum.Of(content.Span).Crc32c };
        if (version == "") request.IfNoneMatch = "*";
        else if (version is not null) request.IfMatch = version;
        return (await bucket.CallAsync(s3 => s3.PutObjectAsync(request, cancel), key, "write", cancel).ConfigureAwait(false)).ETag;
    }
}
