using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Connectors.Azure;

/// <summary>A container: calls with their failures in words, listing, reading and removing. The client is made when it is first used.</summary>
/// <param name="address">Where it is, and who signs in.</param>
/// <param name="prefix">What every name starts with.</param>
/// <param name="context">The run.</param>
/// <param name="retries">How often the SDK itself repeats a request.</param>
internal sealed class AzureContainer(AzureAddress address, string prefix, ConnectorContext context, int retries = 3) : IStoredObjects
{
    private readonly Lazy<BlobContainerClient> client = new(() => Create(address, context, retries));

    /// <summary>The blob's name in the container.</summary>
    public string Key(string name) => prefix + name;

    /// <summary>The address of a blob, for people.</summary>
    public string Uri(string key) => $"{address.Root}/{key}";

    /// <summary>The blob's name of such an address.</summary>
    /// <exception cref="ArgumentException">It is not in the container.</exception>
    public string KeyOf(string uri) => uri.StartsWith(Uri(""), StringComparison.Ordinal) ? uri[Uri("").Length..] : throw new ArgumentException($"{uri} is not in {address.Root}.", nameof(uri));

    /// <summary>Makes a request about a blob. A condition that is not met stays the SDK's exception: what it means, the caller knows.</summary>
    /// <exception cref="ServiceException">Azure refused or failed.</exception>
    public async Task<T> CallAsync<T>(string key, string doing, Func<BlockBlobClient, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call(client.Value.GetBlockBlobClient(key)).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (AzureErrors.IsCondition(e))
        {
            throw;
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
        {
            throw AzureErrors.Explain(e, address, key, doing);
        }
    }

    /// <summary>The stored bytes of a blob in a range, which must hold one.</summary>
    /// <param name="key">The blob.</param>
    /// <param name="version">The ETag it must have; null for any.</param>
    /// <param name="range">Which bytes.</param>
    /// <param name="cancel">Stops the request.</param>
    /// <exception cref="ObjectChangedException">There is no such blob with that ETag.</exception>
    public async Task<AzureContent> OpenAsync(string key, string? version, ByteRange range, CancellationToken cancel)
    {
        var options = new BlobDownloadOptions { Range = new HttpRange(range.Offset, range.Length), Conditions = version is null ? null : Having(version) };
        try
        {
            var answer = await CallAsync(key, "read", blob => blob.DownloadStreamingAsync(options, cancel), cancel).ConfigureAwait(false);
            return new AzureContent(answer.Value.Content, Version(answer.Value.Details.ETag), e => AzureErrors.Explain(e, address, key, "read"));
        }
        catch (RequestFailedException e)
        {
            throw new ObjectChangedException(Uri(key), e);
        }
    }

    /// <summary>The blobs below a name, in Azure's order, by their names. The folders of an account with a hierarchical namespace are listed too, and are none: they are left out.</summary>
    /// <exception cref="ServiceException">Azure refused or failed.</exception>
    public async IAsyncEnumerable<BlobItem> BlobsAsync(string below, [EnumeratorCancellation] CancellationToken cancel)
    {
        var listed = client.Value.GetBlobsAsync(new GetBlobsOptions { Prefix = Key(below), Traits = BlobTraits.Metadata }, cancel).GetAsyncEnumerator(cancel);
        await using var _ = listed.ConfigureAwait(false);
        while (await NextAsync().ConfigureAwait(false))
            if (listed.Current.Metadata?.TryGetValue("hdi_isfolder", out var folder) != true || !bool.TryParse(folder, out var isFolder) || !isFolder)
                yield return listed.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await listed.MoveNextAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested)
            {
                throw AzureErrors.Explain(e, address, key: null, "list");
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string below, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var blob in BlobsAsync(below, cancel).ConfigureAwait(false))
            yield return new StoredObject(blob.Name[prefix.Length..], Version(blob.Properties.ETag!.Value), blob.Properties.ContentLength ?? 0, blob.Properties.LastModified ?? DateTimeOffset.MaxValue);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        var key = Key(found.Name);
        try
        {
            await CallAsync(key, "delete", blob => blob.DeleteAsync(DeleteSnapshotsOption.None, Having(found.Version), cancel), cancel).ConfigureAwait(false);
        }
        catch (RequestFailedException)
        {
            // Another's by now.
        }
        catch (ObjectChangedException)
        {
            // Gone.
        }
    }

    /// <summary>An ETag without the quotes that some answers have around it.</summary>
    public static string Version(ETag tag) => tag.ToString().Trim('"');

    /// <summary>The condition that a blob has that ETag.</summary>
    public static BlobRequestConditions Having(string version) => new() { IfMatch = new ETag($"\"{version}\"") };

    private static BlobContainerClient Create(AzureAddress address, ConnectorContext context, int retries)
    {
        // The local cloud has no Azure, and a run against it must not write to the real one.
        if (context.Local && !address.Account.IsLoopback)
            throw new ServiceException($"The local cloud has no Azure, so a local run does not go to {address.Account.Host}. Start an emulator (`npx -p azurite azurite-blob`), and have account name it: ${{AZURE_ACCOUNT:-{address.Account.GetLeftPart(UriPartial.Authority)}}} with AZURE_ACCOUNT=http://127.0.0.1:10000/devstoreaccount1.", transient: false);
        var options = new BlobClientOptions { TrimBlobNameSlashes = false };
        options.Retry.MaxRetries = retries;
        var container = new BlobUriBuilder(address.Account) { BlobContainerName = address.Container }.ToUri();
        if (address.AccountKey is { } key) return new BlobContainerClient(container, new StorageSharedKeyCredential(address.AccountName, key.Reveal()), options);
        if (address.SasToken is { } token) return new BlobContainerClient(container, new AzureSasCredential(token.Reveal()), options);
        return new BlobContainerClient(container, context.Shared(_ => new AzureSignIn()).Credential, options);
    }
}
