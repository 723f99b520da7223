using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Pipelines;

namespace Etl.Core.Transforms;

/// <summary>The transforms that need nothing but the batch, and the settings of a run.</summary>
public static class CoreConnectors
{
    /// <summary>Adds them.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddSettings<LimitOptions>("limits", "How far a run may go.")
            .AddSettings<ReportOptions>("report", "The HTML report that a run leaves.")
            .AddTransform<SelectOptions>("select", "Keeps, drops and renames columns.", (options, _) => new SelectTransform(options))
            .AddTransform<MaskOptions>("mask", "Hides values: hashes, redacts or truncates them.", (options, _) => new MaskTransform(options))
            .AddTransform<DeduplicateOptions>("deduplicate", "Keeps the first of the rows of an object that are the same.", (options, _) => new DeduplicateTransform(options));
    }
}
