using Etl.Core.Connectors;
using Etl.Formats.Parquet.Reading;

namespace Etl.Formats;

/// <summary>What this project adds to a pipeline file.</summary>
public static class FormatsConnectors
{
    /// <summary>Adds the parser <c>parquet</c>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddParser<ParquetOptions>("parquet", "Reads Parquet, whose columns have their types in the file", (options, _) => new ParquetParser(options));
    }
}
