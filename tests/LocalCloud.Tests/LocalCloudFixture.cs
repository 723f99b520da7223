using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;
using Xunit;

namespace Etl.LocalCloud.Tests;

/// <summary>A local cloud in a folder of its own, with one S3 bucket shown from a folder.</summary>
public sealed class LocalCloudFixture : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("etl-local-cloud-").FullName;

    public string Shown => Path.Combine(Folder, "shown");

    public LocalCloudServer Server { get; private set; } = null!;

    public GoogleSignIn SignIn { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Shown, "shown-bucket", "in"));
        await File.WriteAllTextAsync(Path.Combine(Shown, "shown-bucket", "in", "a.csv"), "a,b\n1,2\n");
        Server = await StartAsync();
        // Read now: a later server over the same folder writes its own credentials file.
        SignIn = new GoogleSignIn(Server);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Another server over the same folder, as after a restart.</summary>
    public Task<LocalCloudServer> StartAsync(bool createMissing = true) =>
        LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(Folder, "data"), S3Folder = Shown, CreateMissing = createMissing }, default);

    /// <summary>Google's Cloud Storage client, signed in as the service account.</summary>
    public async Task<StorageClient> GcsAsync(LocalCloudServer? server = null)
    {
        var signIn = server is null ? SignIn : new GoogleSignIn(server);
        server ??= Server;
        return await new StorageClientBuilder
        {
            BaseUri = server.Endpoints.CloudStorage.GetLeftPart(UriPartial.Authority) + "/storage/v1/",
            Credential = GoogleCredential.FromAccessToken(await signIn.TokenAsync()),
        }.BuildAsync();
    }

    /// <summary>AWS's S3 client, with the server's own credentials or others.</summary>
    public AmazonS3Client S3(IReadOnlyDictionary<string, string>? credentials = null, string? secret = null, LocalCloudServer? server = null)
    {
        server ??= Server;
        credentials ??= server.Environment;
        return new AmazonS3Client(
            new SessionAWSCredentials(credentials["AWS_ACCESS_KEY_ID"], secret ?? credentials["AWS_SECRET_ACCESS_KEY"], credentials["AWS_SESSION_TOKEN"]),
            new AmazonS3Config { ServiceURL = server.Endpoints.S3.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = RegionEndpoint.APNortheast1.SystemName, MaxErrorRetry = 0 });
    }
}
