using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.LocalCloud;
using Etl.TestSupport;

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>A server that speaks S3's protocol, to which the environment of this process leads until it is disposed, and a new bucket there.</summary>
public sealed class S3Server : IAsyncDisposable
{
    private readonly IAsyncDisposable? server;
    private readonly Dictionary<string, string?> before;

    private S3Server(IReadOnlyDictionary<string, string> environment, Uri address, IAsyncDisposable? server)
    {
        this.server = server;
        before = environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        foreach (var (name, value) in environment) Environment.SetEnvironmentVariable(name, value);
        var (key, secret, token) = (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], environment.GetValueOrDefault("AWS_SESSION_TOKEN"));
        Secrets = token is null ? [secret] : [secret, token];
        Client = new AmazonS3Client(
            token is null ? new BasicAWSCredentials(key, secret) : new SessionAWSCredentials(key, secret, token),
            new AmazonS3Config { ServiceURL = address.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1", RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED });
    }

    /// <summary>What no error may show.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>The SDK's own client.</summary>
    public AmazonS3Client Client { get; }

    /// <summary>The bucket.</summary>
    public string Bucket { get; } = "b" + Guid.NewGuid().ToString("n");

    /// <summary>The local cloud's.</summary>
    public static async Task<S3Server> LocalCloudAsync(string folder)
    {
        var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(folder, "cloud") }, default);
        return await new S3Server(cloud.Environment, cloud.Endpoints.S3, cloud).WithBucketAsync();
    }

    /// <summary>Ceph's.</summary>
    public static async Task<S3Server> RadosGatewayAsync(RadosGateway gateway) =>
        await new S3Server(await gateway.EnvironmentAsync(), await gateway.AddressAsync(), server: null).WithBucketAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        if (server is not null) await server.DisposeAsync();
    }

    private async Task<S3Server> WithBucketAsync()
    {
        await Client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket, UseClientRegion = false });
        return this;
    }
}
