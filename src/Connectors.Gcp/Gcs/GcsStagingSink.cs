using System.Net;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;
using Google;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Stages files as objects of a Cloud Storage bucket: resumable uploads with a create-only precondition, each checked against the CRC32C that the service reports.</summary>
public sealed class GcsStagingSink : IStagingSink, IStagedFiles, IDisposable
{
    private const int Mebibyte = 1 << 20;
    private readonly GcsStagingOptions options;
    private readonly Lazy<StorageClient> client;
    private readonly GcsObjects objects;
    private readonly GcsReader reader;

    /// <summary>A sink that makes its client when it is first used.</summary>
    public GcsStagingSink(GcsStagingOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        client = new Lazy<StorageClient>(() => GcsClient.Create(GoogleSession.Of(context)));
        objects = new GcsObjects(client, options.Bucket, options.Prefix);
        reader = new GcsReader(client, options.Bucket);
        Encoding = new StagingEncoding(options.Format, options.Compression);
    }

    /// <inheritdoc/>
    public StagingEncoding Encoding { get; }

    /// <inheritdoc/>
    /// <remarks>A leftover with other bytes is deleted and the write fails as transient, because the content cannot be read twice: the engine's retry of the split then finds the name free.</remarks>
    public async ValueTask<StagedFile> WriteAsync(string name, Stream content, CancellationToken cancel)
    {
        var objectName = options.Prefix + name;
        var sent = new ChecksummedStream(content);
        await using var disposal = sent.ConfigureAwait(false);
        try
        {
            var stored = await UploadAsync(objectName, sent, cancel).ConfigureAwait(false);
            if (stored is null)
            {
                // Refused before, during or after the content was read: the sum must cover all of it.
                await sent.DrainAsync(cancel).ConfigureAwait(false);
                stored = await KeepOrDeleteAsync(objectName, sent, cancel).ConfigureAwait(false);
            }
            else if (!Matches(stored, sent))
            {
                await DeleteAsync(stored, cancel).ConfigureAwait(false);
                throw new ServiceException($"gs://{options.Bucket}/{objectName} arrived with other bytes than were sent (CRC32C {stored.Crc32c} and {sent.Crc}, {stored.Size} and {sent.Count} bytes), so it was deleted.", transient: true);
            }
            return new StagedFile($"gs://{options.Bucket}/{objectName}", (long)stored.Size!.Value, stored.Crc32c);
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            var explained = GcsErrors.Explain(e, options.Bucket, objectName, "write");
            if (ReferenceEquals(explained, e)) throw;
            throw explained;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(StagedFile file, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(file);
        return reader.OpenAsync(file.Uri[$"gs://{options.Bucket}/".Length..], null, range, cancel);
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

    /// <summary>The new object, or null when there is one under the name.</summary>
    private async Task<Google.Apis.Storage.v1.Data.Object?> UploadAsync(string name, Stream content, CancellationToken cancel)
    {
        var upload = new UploadObjectOptions
        {
            ChunkSize = options.ChunkMib * Mebibyte,
            IfGenerationMatch = 0,
            // The sum is ours already; the library would hash a second time.
            UploadValidationMode = UploadValidationMode.None,
        };
        try
        {
            return await client.Value.UploadObjectAsync(options.Bucket, name, "application/octet-stream", content, upload, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.PreconditionFailed)
        {
            return null;
        }
    }

    private async Task<Google.Apis.Storage.v1.Data.Object> KeepOrDeleteAsync(string name, ChecksummedStream sent, CancellationToken cancel)
    {
        Google.Apis.Storage.v1.Data.Object existing;
        try
        {
            existing = await client.Value.GetObjectAsync(options.Bucket, name, cancellationToken: cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode == HttpStatusCode.NotFound)
        {
            throw new ServiceException($"gs://{options.Bucket}/{name} was there and was deleted meanwhile, by another task or a lifecycle rule.", transient: true, e);
        }
        if (Matches(existing, sent)) return existing;

        await DeleteAsync(existing, cancel).ConfigureAwait(false);
        throw new ServiceException($"gs://{options.Bucket}/{name} was a leftover with other bytes, and was deleted. Staging the split again writes it.", transient: true);
    }

    private async Task DeleteAsync(Google.Apis.Storage.v1.Data.Object stored, CancellationToken cancel)
    {
        try
        {
            await client.Value.DeleteObjectAsync(stored.Bucket, stored.Name, new DeleteObjectOptions { IfGenerationMatch = stored.Generation }, cancel).ConfigureAwait(false);
        }
        catch (GoogleApiException e) when (e.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            // Another task was first: what is there now is its own.
        }
    }

    private static bool Matches(Google.Apis.Storage.v1.Data.Object stored, ChecksummedStream sent) =>
        stored.Crc32c == sent.Crc && stored.Size == (ulong)sent.Count;
}
