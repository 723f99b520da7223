using Etl.Connectors.Aws.S3;
using Etl.Core.Contracts;
using Etl.Core.State;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

[Collection("environment variables")]
public class S3StagingSinkConformance : StagingSinkConformance
{
    private S3Server server = null!;

    protected override Type OptionsType => typeof(S3StagingOptions);

    protected override IReadOnlyList<string> Secrets => server.Secrets;

    public override async ValueTask InitializeAsync() => server = Own(await StartAsync());

    protected virtual Task<S3Server> StartAsync() => S3Server.LocalCloudAsync(Folder.Path);

    protected override IStagingSink CreateSink() => Own(new S3StagingSink(new S3StagingOptions { Bucket = server.Bucket, Prefix = "some where/" }, Context));

    protected override async Task<byte[]> ReadAsync(StagedFile file)
    {
        await using var stream = await ((IStagedFiles)CreateSink()).OpenAsync(file, Core.Contracts.ByteRange.All, Cancel);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content, Cancel);
        return content.ToArray();
    }
}

[Collection("environment variables")]
public class S3StateStoreConformance : StateStoreConformance
{
    private S3Server server = null!;

    protected override Type OptionsType => typeof(S3StateOptions);

    protected override IReadOnlyList<string> Secrets => server.Secrets;

    public override async ValueTask InitializeAsync() => server = Own(await StartAsync());

    protected virtual Task<S3Server> StartAsync() => S3Server.LocalCloudAsync(Folder.Path);

    protected override IStateStore CreateStore() => Own(new S3StateStore(new S3StateOptions { Bucket = server.Bucket, Prefix = "etl/" }, Context));
}
