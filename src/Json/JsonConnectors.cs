using Etl.Core.Connectors;

namespace Etl.Json;

/// <summary>What this project adds to a pipeline file.</summary>
public static class JsonConnectors
{
    /// <summary>Adds the parser <c>ndjson</c>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddParser<NdjsonOptions>("ndjson", "Reads newline-delimited JSON, an object a line, into typed columns", (options, _) => new NdjsonParser(options));
    }
}
