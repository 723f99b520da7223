using Azure.Storage.Blobs;
using Etl.Core.Contracts;
using Etl.Core.State;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(AzuriteServer))]

namespace Etl.Connectors.Azure.Tests;

/// <summary>A container of Azurite's, as a source.</summary>
public sealed class AzureSourceConformance(AzuriteServer azurite) : SourceConformance
{
    private BlobContainerClient container = null!;

    protected override Type OptionsType => typeof(AzureSourceOptions);

    protected override IReadOnlyList<string> Secrets => [AzuriteServer.AccountKey];

    public override async ValueTask InitializeAsync() => container = await azurite.NewContainerAsync();

    protected override ISource CreateSource() => new AzureSource(new AzureSourceOptions { Account = azurite.Account, Container = container.Name, AccountKey = AzuriteContainers.Key, Prefix = "in/" }, Context);

    protected override Task PutAsync(string name, byte[] content) => container.GetBlobClient("in/" + name).UploadAsync(new BinaryData(content), overwrite: true, Cancel);

    protected override Task RemoveAsync(string name) => container.GetBlobClient("in/" + name).DeleteAsync(cancellationToken: Cancel);
}

/// <summary>The same, to write files into.</summary>
public sealed class AzureStagingSinkConformance(AzuriteServer azurite) : StagingSinkConformance
{
    private BlobContainerClient container = null!;

    protected override Type OptionsType => typeof(AzureStagingOptions);

    protected override IReadOnlyList<string> Secrets => [AzuriteServer.AccountKey];

    public override async ValueTask InitializeAsync() => container = await azurite.NewContainerAsync();

    protected override IStagingSink CreateSink() => new AzureStagingSink(new AzureStagingOptions { Account = azurite.Account, Container = container.Name, AccountKey = AzuriteContainers.Key, Prefix = "some where/", ChunkMib = 1 }, Context);

    protected override async Task<byte[]> ReadAsync(StagedFile file) =>
        (await container.GetBlobClient(file.Uri[(file.Uri.IndexOf(container.Name, StringComparison.Ordinal) + container.Name.Length + 1)..]).DownloadContentAsync(Cancel)).Value.Content.ToArray();
}

/// <summary>The same, to keep state in.</summary>
public sealed class AzureStateStoreConformance(AzuriteServer azurite) : StateStoreConformance
{
    private BlobContainerClient container = null!;

    protected override Type OptionsType => typeof(AzureStateOptions);

    protected override IReadOnlyList<string> Secrets => [AzuriteServer.AccountKey];

    public override async ValueTask InitializeAsync() => container = await azurite.NewContainerAsync();

    protected override IStateStore CreateStore() => new AzureStateStore(new AzureStateOptions { Account = azurite.Account, Container = container.Name, AccountKey = AzuriteContainers.Key, Prefix = "etl/" }, Context);
}
