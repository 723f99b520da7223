using Etl.Core.Connectors;
using Etl.Core.Plugins;
using YamlDotNet.RepresentationModel;

namespace Etl.Core.Pipelines;

/// <summary>The plugins that a pipeline file names under <c>plugins:</c>. Paths are taken as they are written: what code runs must not depend on a variable, which an event of <c>etl lambda</c> may set.</summary>
internal static class FilePlugins
{
    /// <summary>What forbids them, for whoever checks pipeline files of others.</summary>
    public const string Variable = "ETL_PIPELINE_PLUGINS";

    /// <summary>Loads them and adds their connectors to <paramref name="known"/>, noting what is wrong.</summary>
    public static ConnectorRegistry Add(ConnectorRegistry known, string file, YamlMappingNode root, OptionsBinder binder)
    {
        if (root.Children.FirstOrDefault(entry => entry.Key is YamlScalarNode { Value: "plugins" }).Value is not { } list) return known;
        if (list is not YamlSequenceNode { Children: { } entries } || entries.Any(e => e is not YamlScalarNode { Value.Length: > 0 }))
        {
            binder.Error(list, "plugins must be a list of folders, assemblies or packages, such as [plugins/] or [nuget:Acme.Etl@1.2.0]");
            return known;
        }

        if (string.Equals(Environment.GetEnvironmentVariable(Variable), "off", StringComparison.OrdinalIgnoreCase))
        {
            binder.Error(list, $"plugins of pipeline files are not loaded here, because {Variable} is off; name them in ETL_PLUGINS if you trust them");
            return known;
        }

        var all = known;
        foreach (var entry in entries.Cast<YamlScalarNode>())
            try
            {
                if (entry.Value!.Contains("${", StringComparison.Ordinal)) binder.Error(entry, "a plugin's path is taken as it is written; name one from the environment in ETL_PLUGINS");
                else all = all.With(Plugin.Load(entry.Value, Path.GetDirectoryName(Path.GetFullPath(file))!, known.Packages));
            }
            catch (PluginException e)
            {
                binder.Error(entry, e.Message);
            }

        return all;
    }
}
