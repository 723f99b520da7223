using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.State;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Conformance;

[Collection("environment variables")]
public sealed class GcsStagingSinkConformance : StagingSinkConformance
{
    private LocalGoogle google = null!;

    protected override Type OptionsType => typeof(GcsStagingOptions);

    protected override ConnectorContext Context => google.Context;

    protected override IReadOnlyList<string> Secrets => google.Secrets;

    public override async ValueTask InitializeAsync() => google = Own(await LocalGoogle.StartAsync(Folder.Path));

    protected override IStagingSink CreateSink() => Own(new GcsStagingSink(new GcsStagingOptions { Bucket = "staging", Prefix = "some where/", ChunkMib = 1 }, Context));

    protected override async Task<byte[]> ReadAsync(StagedFile file)
    {
        using var client = GcsClient.Create(GoogleSession.Of(Context));
        using var content = new MemoryStream();
        await client.DownloadObjectAsync("staging", file.Uri["gs://staging/".Length..], content, cancellationToken: Cancel);
        return content.ToArray();
    }
}

[Collection("environment variables")]
public sealed class GcsStateStoreConformance : StateStoreConformance
{
    private LocalGoogle google = null!;

    protected override Type OptionsType => typeof(GcsStateOptions);

    protected override ConnectorContext Context => google.Context;

    protected override IReadOnlyList<string> Secrets => google.Secrets;

    public override async ValueTask InitializeAsync() => google = Own(await LocalGoogle.StartAsync(Folder.Path));

    protected override IStateStore CreateStore() => Own(new GcsStateStore(new GcsStateOptions { Bucket = "state", Prefix = "etl/" }, Context));
}
