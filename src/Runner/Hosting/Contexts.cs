using Etl.Core.Connectors;
using Etl.Core.Pipelines;

namespace Etl.Runner.Hosting;

/// <summary>Makes what connectors are given.</summary>
internal static class Contexts
{
    /// <summary>For a pipeline.</summary>
    public static ConnectorContext For(PipelineDefinition definition, bool local) =>
        new(definition.Name, Path.GetDirectoryName(Path.GetFullPath(definition.File))!, local, TimeProvider.System, Logs.Factory, definition.Settings);

    /// <summary>For a command that has no pipeline: paths start in the working folder.</summary>
    public static ConnectorContext ForCommand(string name, bool local, params IReadOnlyList<object> settings) =>
        new(name, Environment.CurrentDirectory, local, TimeProvider.System, Logs.Factory, settings.ToDictionary(s => s.GetType()));
}
