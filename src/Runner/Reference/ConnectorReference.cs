using Etl.Core.Connectors;
using Etl.Core.Pipelines;

namespace Etl.Runner.Reference;

/// <summary>What there is to say about a connector, all of it from its registration and its options record.</summary>
/// <param name="Kind">Where it stands in a pipeline file.</param>
/// <param name="Name">Its key there.</param>
/// <param name="Description">One line.</param>
/// <param name="Scheme">For sinks: the URI scheme of the staged files that it writes or loads.</param>
/// <param name="From">The plugin it is from; null for one of Etl's own.</param>
/// <param name="Options">Its options, each followed by those inside it.</param>
internal sealed record ConnectorReference(ConnectorKind Kind, string Name, string Description, string? Scheme, string? From, IReadOnlyList<OptionReference> Options)
{
    public static IReadOnlyList<ConnectorReference> Of(ConnectorRegistry registry) =>
        [.. registry.Connectors.OrderBy(c => c.Kind).Select(c => new ConnectorReference(c.Kind, c.Name, c.Description.TrimEnd('.') + ".", c.Scheme, c.Plugin?.Path, OptionReference.Of(c.OptionsType)))];

    /// <summary>The smallest block that names it, for a pipeline file.</summary>
    public string Example
    {
        get
        {
            var required = Options.Where(o => o.Required && !o.Name.Contains('.', StringComparison.Ordinal)).Select(o => $"{o.Name}: …").ToList();
            var block = required.Count > 0 ? $"{Name}: {{ {string.Join(", ", required)} }}" : Name;
            return Kind switch
            {
                ConnectorKind.Settings => $"{Name}: {(required.Count > 0 ? $"{{ {string.Join(", ", required)} }}" : "{}")}",
                ConnectorKind.Source or ConnectorKind.StateStore => $"{Kind.Place()}:\n  {block}{(required.Count > 0 ? "" : ": {}")}",
                _ => $"{Kind.Place()}:\n  - {block}",
            };
        }
    }
}
