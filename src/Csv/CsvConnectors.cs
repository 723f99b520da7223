using Etl.Core.Connectors;

namespace Etl.Csv;

/// <summary>What this project adds to a pipeline file.</summary>
public static class CsvConnectors
{
    /// <summary>Adds the parser <c>csv</c>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddParser<CsvOptions>("csv", "Reads CSV, TSV and their kin into typed columns", (options, _) => new CsvParser(options));
    }
}
