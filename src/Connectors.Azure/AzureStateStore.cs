using Azure;
using Azure.Storage.Blobs.Models;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Azure;

/// <summary>State in a container; the ETag and Azure's conditional writes decide who was first.</summary>
public sealed class AzureStateStore : IStateStore
{
    private readonly AzureContainer container;

    /// <summary>A store that makes its client when it is first used.</summary>
    public AzureStateStore(AzureStateOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        // A write that the SDK repeats by itself could find its own first try, and take it for another's: the engine repeats it, and looks.
        container = new AzureContainer(options, options.Prefix, context, retries: 0);
    }

    /// <inheritdoc/>
    public string Locate(string name) => container.Uri(container.Key(name));

    /// <inheritdoc/>
    public async ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel)
    {
        try
        {
            var found = await container.OpenAsync(container.Key(name), version: null, ByteRange.All, cancel).ConfigureAwait(false);
            await using var _ = found.ConfigureAwait(false);
            using var content = new MemoryStream();
            await found.CopyToAsync(content, cancel).ConfigureAwait(false);
            return new StateDocument(content.ToArray(), found.Version);
        }
        catch (ObjectChangedException)
        {
            return null;
        }
        catch (IOException e)
        {
            throw new ServiceException($"The connection broke while {Locate(name)} was read: {e.Message}", transient: true, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        var conditions = condition.Version switch
        {
            null => null,
            "" => new BlobRequestConditions { IfNoneMatch = ETag.All },
            var version => AzureContainer.Having(version),
        };
        using var body = new MemoryStream(content.ToArray(), writable: false);
        var options = AzureUpload.Whole(content.Length, conditions);
        options.HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" };
        try
        {
            return AzureContainer.Version((await container.CallAsync(container.Key(name), "write", blob => blob.UploadAsync(body, options, cancel), cancel).ConfigureAwait(false)).Value.ETag);
        }
        catch (RequestFailedException e)
        {
            throw new StateConflictException(name, e);
        }
        catch (ObjectChangedException e)
        {
            // There is none any more to have that version.
            throw new StateConflictException(name, e);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) => container.ListAsync(prefix, cancel);

    /// <inheritdoc/>
    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => container.DeleteAsync(found, cancel);
}
