using Etl.Core.Connectors;
using Etl.Csv.Casting;

namespace Etl.Csv;

/// <summary>What this project adds to a pipeline file.</summary>
public static class CsvConnectors
{
    /// <summary>Adds the parser <c>csv</c>, and the transform <c>cast</c>, which reads values as it does.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddParser<CsvOptions>("csv", "Reads CSV, TSV and their kin into typed columns", (options, _) => new CsvParser(options))
            .AddTransform<CastOptions>("cast", "Reads text columns as other types, by the formats that csv: columns has.", (options, _) => new CastTransform(options));
    }
}
