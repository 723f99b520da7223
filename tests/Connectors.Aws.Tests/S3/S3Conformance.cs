using Amazon.S3.Model;
using Etl.Connectors.Aws.S3;
using Etl.Core.Contracts;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

/// <summary>S3, as the local cloud plays it.</summary>
[Collection("environment variables")]
public class S3Conformance : SourceConformance
{
    private S3Server server = null!;

    protected override Type OptionsType => typeof(S3Options);

    protected override IReadOnlyList<string> Secrets => server.Secrets;

    public override async ValueTask InitializeAsync() => server = Own(await StartAsync());

    protected virtual Task<S3Server> StartAsync() => S3Server.LocalCloudAsync(Folder.Path);

    protected override ISource CreateSource() => Own(new S3Source(new S3Options { Bucket = server.Bucket, Prefix = "in/" }, Context));

    protected override Task PutAsync(string name, byte[] content) =>
        server.Client.PutObjectAsync(new PutObjectRequest { BucketName = server.Bucket, Key = "in/" + name, InputStream = new MemoryStream(content) }, Cancel);

    protected override Task RemoveAsync(string name) => server.Client.DeleteObjectAsync(server.Bucket, "in/" + name, Cancel);
}
