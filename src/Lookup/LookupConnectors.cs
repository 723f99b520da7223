using Etl.Core.Connectors;

namespace Etl.Lookup;

/// <summary>What this project adds to a pipeline file.</summary>
public static class LookupConnectors
{
    /// <summary>Adds the transform <c>lookup</c>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddTransform<LookupOptions>("lookup", "Adds columns from a small file, by the key that a row has.", (options, context) => new LookupTransform(options, context.Folder));
    }
}
