using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Range = Amazon.S3.Model.ByteRange;

namespace Etl.Connectors.Aws.S3;

/// <summary>Objects of one S3 bucket, pinned by ETag.</summary>
public sealed class S3Source : ISource, IDisposable
{
    private readonly S3Options options;
    private readonly KeyPattern pattern;
    private readonly Lazy<AmazonS3Client> client;
    private readonly int? pageSize;

    /// <summary>A source that makes its client when it is first used.</summary>
    public S3Source(S3Options options, ConnectorContext context) : this(options, context, pageSize: null)
    {
    }

    internal S3Source(S3Options options, ConnectorContext context, int? pageSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        this.pageSize = pageSize;
        pattern = new KeyPattern(options.Pattern);
        client = new Lazy<AmazonS3Client>(() => S3Client.Create(options, context.Local));
    }

    private string Root => $"s3://{options.Bucket}/";

    /// <inheritdoc/>
    /// <remarks>In the order S3 lists: by the keys' UTF-8 bytes (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).</remarks>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request
        {
            BucketName = options.Bucket,
            Prefix = options.Prefix + pattern.LiteralPrefix,
            MaxKeys = pageSize,
        };
        var found = false;
        do
        {
            var page = await CallAsync(s3 => s3.ListObjectsV2Async(request, cancel), key: null, "list", cancel).ConfigureAwait(false);
            foreach (var entry in page.S3Objects ?? [])
            {
                // Consoles make a "folder" as an empty object whose key ends in a slash.
                if (entry.Key.EndsWith('/') && entry.Size is null or 0) continue;
                if (!pattern.IsMatch(entry.Key[options.Prefix.Length..])) continue;
                found = true;
                yield return Pinned(entry.Key, entry.ETag, entry.Size ?? 0, entry.LastModified);
            }
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);

        if (!found && options.Required)
            throw new DataException($"No object in {Root}{options.Prefix} matches {options.Pattern ?? "the prefix"}. Look with `aws s3 ls {Root}{options.Prefix} --recursive`, or leave out `required` when an empty run is fine.");
    }

    /// <summary>The object of a key as it is now; null when there is none, or nothing but a console's "folder".</summary>
    /// <exception cref="ServiceException">S3 refused or failed.</exception>
    internal async Task<SourceObject?> FindAsync(string key, CancellationToken cancel)
    {
        GetObjectMetadataResponse found;
        try
        {
            found = await CallAsync(s3 => s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = options.Bucket, Key = key }, cancel), key, "read", cancel).ConfigureAwait(false);
        }
        catch (ObjectChangedException)
        {
            // HEAD says of a missing bucket only what it says of a missing object: a listing tells them apart.
            await CallAsync(s3 => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = key, MaxKeys = 1 }, cancel), key: null, "list", cancel).ConfigureAwait(false);
            return null;
        }

        return key.EndsWith('/') && found.ContentLength == 0 ? null : Pinned(key, found.ETag, found.ContentLength, found.LastModified);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, Core.Contracts.ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.Uri.StartsWith(Root, StringComparison.Ordinal))
            throw new ArgumentException($"{source.Uri} is not in {Root}.", nameof(source));
        // A range that holds no byte is refused by S3 with 416.
        if (range.Length == 0 || range.Offset >= source.Length) return Stream.Null;

        var key = source.Uri[Root.Length..];
        var request = new GetObjectRequest { BucketName = options.Bucket, Key = key, EtagToMatch = $"\"{source.Version}\"" };
        if (range.Length is { } length) request.ByteRange = new Range(range.Offset, range.Offset + length - 1);
        else if (range.Offset > 0) request.ByteRange = new Range($"bytes={range.Offset}-");

        var response = await CallAsync(s3 => s3.GetObjectAsync(request, cancel), key, "read", cancel).ConfigureAwait(false);
        // Closing the stream lets go of the connection; the response owns nothing else.
        return new CheckedStream(response.ResponseStream, source.Uri);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }

    private SourceObject Pinned(string key, string etag, long length, DateTime? modified) =>
        new(Root + key, etag.Trim('"'), length, new DateTimeOffset((modified ?? default).ToUniversalTime()));

    private async Task<T> CallAsync<T>(Func<AmazonS3Client, Task<T>> call, string? key, string doing, CancellationToken cancel)
    {
        try
        {
            return await call(client.Value).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw S3Errors.Explain(e, options.Bucket, key, doing);
        }
    }
}
