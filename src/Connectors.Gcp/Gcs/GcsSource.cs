using System.Globalization;
using System.Runtime.CompilerServices;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Google.Cloud.Storage.V1;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Objects of one Cloud Storage bucket, pinned by generation.</summary>
public sealed class GcsSource : ISource, IDisposable
{
    private readonly GcsSourceOptions options;
    private readonly KeyPattern pattern;
    private readonly Lazy<StorageClient> client;
    private readonly GcsReader reader;

    /// <summary>A source that makes its client when it is first used.</summary>
    public GcsSource(GcsSourceOptions options, ConnectorContext context)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(context);
        this.options = options;
        pattern = new KeyPattern(options.Pattern);
        client = new Lazy<StorageClient>(() => GcsClient.Create(GoogleSession.Of(context), storedBytes: true));
        reader = new GcsReader(client, options.Bucket);
    }

    private string Root => $"gs://{options.Bucket}/";

    /// <inheritdoc/>
    /// <remarks>In the order Cloud Storage lists: by the names' UTF-8 bytes (https://cloud.google.com/storage/docs/json_api/v1/objects/list).</remarks>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var listed = client.Value.ListObjectsAsync(options.Bucket, options.Prefix + pattern.LiteralPrefix).GetAsyncEnumerator(cancel);
        await using var _ = listed.ConfigureAwait(false);
        var found = false;
        while (await NextAsync().ConfigureAwait(false))
        {
            var entry = listed.Current;
            // Consoles make a "folder" as an empty object whose name ends in a slash.
            if (entry.Name.EndsWith('/') && entry.Size is null or 0) continue;
            if (!pattern.IsMatch(entry.Name[options.Prefix.Length..])) continue;
            found = true;
            yield return new SourceObject(Root + entry.Name, entry.Generation!.Value.ToString(CultureInfo.InvariantCulture), (long)(entry.Size ?? 0), (entry.UpdatedDateTimeOffset ?? entry.TimeCreatedDateTimeOffset ?? default).ToUniversalTime());
        }

        if (!found && options.Required)
            throw new DataException($"No object in {Root}{options.Prefix} matches {options.Pattern ?? "the prefix"}. Look with `gcloud storage ls --recursive {Root}{options.Prefix}`, or leave out `required` when an empty run is fine.");

        async Task<bool> NextAsync()
        {
            try
            {
                return await listed.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
            {
                throw GcsErrors.Explain(e, options.Bucket, options.Prefix, "list");
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.Uri.StartsWith(Root, StringComparison.Ordinal))
            throw new ArgumentException($"{source.Uri} is not in {Root}.", nameof(source));
        return range.Offset >= source.Length ? ValueTask.FromResult(Stream.Null) : reader.OpenAsync(source.Uri[Root.Length..], long.Parse(source.Version, CultureInfo.InvariantCulture), range, cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }
}
