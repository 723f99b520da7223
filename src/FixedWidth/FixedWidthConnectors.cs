using Etl.Core.Connectors;

namespace Etl.FixedWidth;

/// <summary>What this project adds to a pipeline file.</summary>
public static class FixedWidthConnectors
{
    /// <summary>Adds the parser <c>fixed-width</c>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddParser<FixedWidthOptions>("fixed-width", "Reads records whose fields stand at fixed places into typed columns", (options, _) => new FixedWidthParser(options));
    }
}
