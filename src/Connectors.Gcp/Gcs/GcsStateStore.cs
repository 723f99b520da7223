using System.Globalization;
using System.Net;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;
using Google;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>State documents as objects of a bucket; the generation is their version (https://cloud.google.com/storage/docs/request-preconditions).</summary>
public sealed class GcsStateStore : IStateStore, IDisposable
{
    private readonly GcsStateOptions options;
    private readonly Lazy<StorageClient> client;
    private readonly GcsObjects objects;

    /// <summary>A store that makes its client when it is first used.</summary>
    public GcsStateStore(GcsStateOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        client = new Lazy<StorageClient>(() => GcsClient.Create(GoogleSession.Of(context)));
        objects = new GcsObjects(client, options.Bucket, options.Prefix);
    }

    /// <inheritdoc/>
    public string Locate(string name) => $"gs://{options.Bucket}/{options.Prefix}{name}";

    /// <inheritdoc/>
    public async ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel)
    {
        try
        {
            using var content = new MemoryStream();
            var read = await client.Value.DownloadObjectAsync(options.Bucket, options.Prefix + name, content, cancellationToken: cancel).ConfigureAwait(false);
            return new StateDocument(content.ToArray(), Version(read));
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound && !IsBucketMissing(e))
        {
            return null;
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw GcsErrors.Explain(e, options.Bucket, options.Prefix + name, "read");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        // The service refuses other bytes before they take the old document's place; the library would look afterwards, and delete what it finds damaged.
        var document = new Google.Apis.Storage.v1.Data.Object { Bucket = options.Bucket, Name = options.Prefix + name, ContentType = "application/json", Crc32c = ContentSum.Of(content.Span).Crc32c };
        var upload = new UploadObjectOptions
        {
            UploadValidationMode = UploadValidationMode.None,
            IfGenerationMatch = condition.Version switch
            {
                null => null,
                "" => 0,
                var version => long.Parse(version, CultureInfo.InvariantCulture),
            },
        };
        try
        {
            using var source = new MemoryStream(content.ToArray(), writable: false);
            return Version(await client.Value.UploadObjectAsync(document, source, upload, cancel).ConfigureAwait(false));
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.PreconditionFailed)
        {
            throw new StateConflictException(name, e);
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw GcsErrors.Explain(e, options.Bucket, options.Prefix + name, "write");
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => objects.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => objects.DeleteAsync(found, cancel);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }

    private static string Version(Google.Apis.Storage.v1.Data.Object stored) => stored.Generation!.Value.ToString(CultureInfo.InvariantCulture);

    private static bool IsBucketMissing(GoogleApiException error) =>
        (error.Error?.Message ?? error.Message).Contains("bucket does not exist", StringComparison.OrdinalIgnoreCase);
}
