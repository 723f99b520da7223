using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Etl.Connectors.Aws.S3;
using Etl.Core.Contracts;
using Etl.LocalCloud;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>S3, as the local cloud plays it.</summary>
[Collection("environment variables")]
public sealed class S3Conformance : SourceConformance
{
    private readonly Dictionary<string, string?> before = [];
    private LocalCloudServer cloud = null!;
    private AmazonS3Client client = null!;

    protected override Type OptionsType => typeof(S3Options);

    protected override IReadOnlyList<string> Secrets => [cloud.Environment["AWS_SECRET_ACCESS_KEY"], cloud.Environment["AWS_SESSION_TOKEN"]];

    public override async ValueTask InitializeAsync()
    {
        cloud = Own(await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(Folder.Path, "cloud") }, Cancel));
        foreach (var (name, value) in cloud.Environment)
        {
            before[name] = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        client = Own(new AmazonS3Client(
            new SessionAWSCredentials(cloud.Environment["AWS_ACCESS_KEY_ID"], cloud.Environment["AWS_SECRET_ACCESS_KEY"], cloud.Environment["AWS_SESSION_TOKEN"]),
            new AmazonS3Config { ServiceURL = cloud.Endpoints.S3.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "ap-northeast-1" }));
        await client.PutBucketAsync("data", Cancel);
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        return base.DisposeAsync();
    }

    protected override ISource CreateSource() => Own(new S3Source(new S3Options { Bucket = "data", Prefix = "in/" }, Context));

    protected override Task PutAsync(string name, byte[] content) =>
        client.PutObjectAsync(new PutObjectRequest { BucketName = "data", Key = "in/" + name, InputStream = new MemoryStream(content) }, Cancel);

    protected override Task RemoveAsync(string name) => client.DeleteObjectAsync("data", "in/" + name, Cancel);
}
