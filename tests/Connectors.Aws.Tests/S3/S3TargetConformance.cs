using Amazon.Runtime;
using Amazon.S3;
using Etl.Connectors.Aws.S3;
using Etl.Core.Contracts;
using Etl.Core.State;
using Etl.LocalCloud;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

[Collection("environment variables")]
public sealed class S3StagingSinkConformance : StagingSinkConformance
{
    private LocalAws aws = null!;

    protected override Type OptionsType => typeof(S3StagingOptions);

    protected override IReadOnlyList<string> Secrets => aws.Secrets;

    public override async ValueTask InitializeAsync() => aws = Own(await LocalAws.StartAsync(Folder.Path));

    protected override IStagingSink CreateSink() => Own(new S3StagingSink(new S3StagingOptions { Bucket = "lake", Prefix = "some where/" }, Context));

    protected override async Task<byte[]> ReadAsync(StagedFile file)
    {
        await using var stream = await ((IStagedFiles)CreateSink()).OpenAsync(file, Core.Contracts.ByteRange.All, Cancel);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancel);
        return content.ToArray();
    }
}

[Collection("environment variables")]
public sealed class S3StateStoreConformance : StateStoreConformance
{
    private LocalAws aws = null!;

    protected override Type OptionsType => typeof(S3StateOptions);

    protected override IReadOnlyList<string> Secrets => aws.Secrets;

    public override async ValueTask InitializeAsync() => aws = Own(await LocalAws.StartAsync(Folder.Path));

    protected override IStateStore CreateStore() => Own(new S3StateStore(new S3StateOptions { Bucket = "state", Prefix = "etl/" }, Context));
}

/// <summary>The local cloud, to which the environment of this process leads until it is disposed.</summary>
internal sealed class LocalAws : IAsyncDisposable
{
    private readonly LocalCloudServer server;
    private readonly Dictionary<string, string?> before;

    private LocalAws(LocalCloudServer server)
    {
        this.server = server;
        before = server.Environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        foreach (var (name, value) in server.Environment) Environment.SetEnvironmentVariable(name, value);
    }

    public IReadOnlyList<string> Secrets => [server.Environment["AWS_SECRET_ACCESS_KEY"], server.Environment["AWS_SESSION_TOKEN"]];

    /// <summary>Starts it, with the buckets lake and state.</summary>
    public static async Task<LocalAws> StartAsync(string folder)
    {
        var aws = new LocalAws(await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(folder, "cloud") }, default));
        using var client = new AmazonS3Client(
            new SessionAWSCredentials(aws.server.Environment["AWS_ACCESS_KEY_ID"], aws.Secrets[0], aws.Secrets[1]),
            new AmazonS3Config { ServiceURL = aws.server.Endpoints.S3.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "ap-northeast-1" });
        foreach (var bucket in (string[])["lake", "state"]) await client.PutBucketAsync(bucket);
        return aws;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        await server.DisposeAsync();
    }
}
