using Etl.Core.Connectors;

namespace Etl.Core.Transforms;

/// <summary>The transforms that need nothing but the batch.</summary>
public static class CoreConnectors
{
    /// <summary>Adds them.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddTransform<SelectOptions>("select", "Keeps, drops and renames columns.", (options, _) => new SelectTransform(options));
    }
}
