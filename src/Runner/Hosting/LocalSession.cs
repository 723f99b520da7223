using Etl.LocalCloud;

namespace Etl.Runner.Hosting;

/// <summary>The local cloud of <c>--local</c>, started in this process: from then on the environment names its addresses and credentials, as <c>etl local-cloud</c> prints them for other processes.</summary>
internal sealed class LocalSession : IAsyncDisposable
{
    private readonly LocalCloudServer? server;

    private LocalSession(LocalCloudServer? server) => this.server = server;

    /// <summary>Whether there is a local cloud.</summary>
    public bool Active => server is not null;

    /// <summary>No local cloud.</summary>
    public static LocalSession None { get; } = new(null);

    /// <summary>Starts it when <paramref name="options"/> is not null.</summary>
    public static async Task<LocalSession> StartAsync(LocalCloudOptions? options, CancellationToken cancel)
    {
        if (options is null) return None;
        var server = await LocalCloudServer.StartAsync(options, cancel);
        foreach (var (name, value) in server.Environment) Environment.SetEnvironmentVariable(name, value);
        return new LocalSession(server);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
