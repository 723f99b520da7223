using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.LocalCloud;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Connectors.Gcp.Tests.Conformance;

/// <summary>The local cloud, to which the environment of this process leads until it is disposed.</summary>
internal sealed class LocalGoogle : IAsyncDisposable
{
    private readonly LocalCloudServer server;
    private readonly Dictionary<string, string?> before;

    private LocalGoogle(LocalCloudServer server, string folder)
    {
        this.server = server;
        before = server.Environment.Keys.ToDictionary(name => name, Environment.GetEnvironmentVariable);
        foreach (var (name, value) in server.Environment) Environment.SetEnvironmentVariable(name, value);
        Context = new ConnectorContext("orders", folder, local: true, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions() });
    }

    public ConnectorContext Context { get; }

    public IReadOnlyList<string> Secrets => [.. server.Environment.Where(v => v.Key is "AWS_SECRET_ACCESS_KEY" or "AWS_SESSION_TOKEN").Select(v => v.Value)];

    public static async Task<LocalGoogle> StartAsync(string folder) =>
        new(await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(folder, "cloud") }, default), folder);

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        await server.DisposeAsync();
    }
}
