using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Aws.S3;

/// <summary>A bucket to write into: calls with their failures in words, listing and removing. The client is made when it is first used.</summary>
/// <param name="address">Where it is.</param>
/// <param name="prefix">What every key starts with.</param>
/// <param name="local">Whether the run is against the local cloud.</param>
/// <param name="retries">How often the SDK itself repeats a request.</param>
internal sealed class S3Bucket(IS3Address address, string prefix, bool local, int retries = 3) : IStoredObjects, IDisposable
{
    private readonly Lazy<AmazonS3Client> client = new(() => S3Client.Create(address, local, retries));

    /// <summary>Its name.</summary>
    public string Name => address.Bucket;

    /// <summary>The key that a name has.</summary>
    public string Key(string name) => prefix + name;

    /// <summary>The address of a key, for people.</summary>
    public string Uri(string key) => $"s3://{Name}/{key}";

    /// <summary>Makes a request.</summary>
    /// <exception cref="ServiceException">S3 refused or failed.</exception>
    public async Task<T> CallAsync<T>(Func<AmazonS3Client, Task<T>> call, string? key, string doing, CancellationToken cancel)
    {
        try
        {
            return await call(client.Value).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (IsCondition(e))
        {
            throw;
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw S3Errors.Explain(e, Name, key, doing);
        }
    }

    /// <summary>Whether a write or a removal was refused because of its condition. Two at once may both be told of a conflict (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).</summary>
    public static bool IsCondition(AmazonS3Exception error) => error.StatusCode == HttpStatusCode.PreconditionFailed || error.ErrorCode == "ConditionalRequestConflict";

    /// <summary>The ETag of what is at a key now; null when there is nothing. Asked before what S3 itself does only on a condition, for servers that only resemble it and pass over the condition.</summary>
    public async Task<string?> VersionOfAsync(string key, CancellationToken cancel)
    {
        try
        {
            return (await CallAsync(s3 => s3.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Name, Key = key }, cancel), key, "read", cancel).ConfigureAwait(false)).ETag;
        }
        catch (ObjectChangedException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string below, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = Name, Prefix = Key(below) };
        do
        {
            var page = await CallAsync(s3 => s3.ListObjectsV2Async(request, cancel), null, "list", cancel).ConfigureAwait(false);
            foreach (var entry in page.S3Objects ?? [])
                yield return new StoredObject(entry.Key[prefix.Length..], entry.ETag, entry.Size ?? 0, new DateTimeOffset((entry.LastModified ?? DateTime.MaxValue).ToUniversalTime()));
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        try
        {
            var key = Key(found.Name);
            if (await VersionOfAsync(key, cancel).ConfigureAwait(false) != found.Version) return;
            await CallAsync(s3 => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Name, Key = key, IfMatch = found.Version }, cancel), key, "delete", cancel).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (IsCondition(e))
        {
            // Another's by now.
        }
        catch (ObjectChangedException)
        {
            // Gone.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }
}
