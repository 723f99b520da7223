using Azure.Storage;
using Azure.Storage.Blobs;
using Etl.Core.Contracts;
using Etl.TestSupport;

namespace Etl.Connectors.Azure.Tests;

/// <summary>Containers for tests, by Azure's own client.</summary>
internal static class AzuriteContainers
{
    /// <summary>What signs in.</summary>
    public static Secret Key { get; } = Secret.Parse(AzuriteServer.AccountKey, null);

    /// <summary>An empty container.</summary>
    public static async Task<BlobContainerClient> NewContainerAsync(this AzuriteServer azurite)
    {
        await azurite.StartAsync();
        var service = new BlobServiceClient(azurite.Account, new StorageSharedKeyCredential("devstoreaccount1", AzuriteServer.AccountKey), new BlobClientOptions { TrimBlobNameSlashes = false });
        return await service.CreateBlobContainerAsync("c" + Guid.NewGuid().ToString("n"));
    }
}
