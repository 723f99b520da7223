using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Testing;
using Google.Cloud.Storage.V1;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Conformance;

[Collection("environment variables")]
public sealed class GcsSourceConformance : SourceConformance
{
    private LocalGoogle google = null!;
    private StorageClient client = null!;

    protected override Type OptionsType => typeof(GcsSourceOptions);

    protected override ConnectorContext Context => google.Context;

    protected override IReadOnlyList<string> Secrets => google.Secrets;

    public override async ValueTask InitializeAsync()
    {
        google = Own(await LocalGoogle.StartAsync(Folder.Path));
        client = Own(GcsClient.Create(GoogleSession.Of(Context)));
        await client.UploadObjectAsync("data", "elsewhere", null, new MemoryStream(), cancellationToken: Cancel);
    }

    protected override ISource CreateSource() => Own(new GcsSource(new GcsSourceOptions { Bucket = "data", Prefix = "in/" }, Context));

    protected override Task PutAsync(string name, byte[] content) => client.UploadObjectAsync("data", "in/" + name, null, new MemoryStream(content), cancellationToken: Cancel);

    protected override Task RemoveAsync(string name) => client.DeleteObjectAsync("data", "in/" + name, cancellationToken: Cancel);
}
