using Etl.LocalCloud;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Tests of commands that come one after another: the cloud that <c>--local</c> would start for each stands beside them, over the workspace's <c>data</c> folder.</summary>
/// <param name="folder">Where the cloud keeps its buckets and tables, in the workspace.</param>
public abstract class CloudTests(string folder = ".etl/local-cloud") : IAsyncLifetime
{
    private LocalCloudServer? cloud;

    /// <summary>Where the commands run, with the cloud in their environment.</summary>
    protected Workspace Workspace { get; } = new();

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Workspace.PathOf(folder), S3Folder = Workspace.PathOf("data") }, default);
        foreach (var (name, value) in cloud.Environment) Workspace.Environment[name] = value;
        Workspace.Environment["GOOGLE_CLOUD_PROJECT"] = "local-project";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (cloud is not null) await cloud.DisposeAsync();
        Workspace.Dispose();
        GC.SuppressFinalize(this);
    }
}
