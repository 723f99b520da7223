using Etl.Core.Connectors;

namespace Etl.Connectors.Http;

/// <summary>The connectors of this project.</summary>
public static class HttpConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddSource<HttpSourceOptions>("http", "Reads files from web servers, by their URLs", (options, context) => new HttpSource(options, context));
    }
}
