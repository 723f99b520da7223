using System.Runtime.CompilerServices;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;

namespace Etl.Connectors.Azure;

/// <summary>Blobs of one container, pinned by ETag.</summary>
public sealed class AzureSource : ISource
{
    private readonly AzureSourceOptions options;
    private readonly KeyPattern pattern;
    private readonly AzureContainer container;

    /// <summary>A source that makes its client when it is first used.</summary>
    public AzureSource(AzureSourceOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        pattern = new KeyPattern(options.Pattern);
        container = new AzureContainer(options, options.Prefix, context);
    }

    /// <inheritdoc/>
    /// <remarks>In the order Azure lists: by name (https://learn.microsoft.com/rest/api/storageservices/list-blobs).</remarks>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var found = false;
        await foreach (var blob in container.BlobsAsync(pattern.LiteralPrefix, cancel).ConfigureAwait(false))
        {
            var length = blob.Properties.ContentLength ?? 0;
            // Portals make a "folder" as an empty blob whose name ends in a slash.
            if (blob.Name.EndsWith('/') && length == 0) continue;
            if (!pattern.IsMatch(blob.Name[options.Prefix.Length..])) continue;
            found = true;
            yield return new SourceObject(container.Uri(blob.Name), AzureContainer.Version(blob.Properties.ETag!.Value), length, (blob.Properties.LastModified ?? default).ToUniversalTime());
        }

        if (!found && options.Required)
            throw new DataException($"No blob in {container.Uri(options.Prefix)} matches {options.Pattern ?? "the prefix"}. Look with `az storage blob list --auth-mode login --account-name {options.AccountName} --container-name {options.Container} --prefix \"{options.Prefix}\"`, or leave out `required` when an empty run is fine.");
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        var key = container.KeyOf(source.Uri);
        // A range that holds no byte is refused with 416.
        return range.Length == 0 || range.Offset >= source.Length ? Stream.Null : await container.OpenAsync(key, source.Version, range, cancel).ConfigureAwait(false);
    }
}
