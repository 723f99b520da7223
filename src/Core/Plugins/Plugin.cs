using System.Collections.Concurrent;
using System.Reflection;
using Etl.Core.Connectors;

namespace Etl.Core.Plugins;

/// <summary>An assembly with connectors, loaded beside this program. It is loaded once a process, whoever asks, and stays until the process ends.</summary>
public sealed class Plugin
{
    private static readonly ConcurrentDictionary<string, Lazy<Plugin>> Loaded = new(StringComparer.Ordinal);
    private readonly IConnectorPlugin connectors;

    private Plugin(string path, IConnectorPlugin connectors) => (Path, this.connectors) = (path, connectors);

    /// <summary>Its assembly's full path.</summary>
    public string Path { get; }

    /// <summary>The version of the contract that this program gives plugins.</summary>
    public static Version Contract { get; } = typeof(Plugin).Assembly.GetName().Version!;

    /// <summary>Loads the plugins that <paramref name="path"/> (an assembly, or a folder of them) stands for. This runs their code.</summary>
    /// <exception cref="PluginException">There is none, or one cannot be loaded.</exception>
    public static IReadOnlyList<Plugin> Load(string path) =>
        [.. PluginFiles.Find(System.IO.Path.GetFullPath(path)).Select(file => Loaded.GetOrAdd(file, f => new Lazy<Plugin>(() => LoadOne(f))).Value)];

    /// <summary>Adds its connectors to <paramref name="registry"/>.</summary>
    /// <exception cref="PluginException">It fails, or calls a connector as another is called.</exception>
    internal void Register(ConnectorRegistry registry)
    {
        try
        {
            connectors.Register(registry);
        }
        catch (Exception e)
        {
            throw PluginErrors.Explain(Path, e);
        }
    }

    private static Plugin LoadOne(string path)
    {
        try
        {
            var assembly = new PluginLoadContext(path).LoadFromAssemblyPath(path);
            Check(path, assembly);
            var plugin = assembly.GetCustomAttributes<ConnectorPluginAttribute>().FirstOrDefault()
                ?? throw new PluginException($"{path} is no plugin of Etl: it does not say [assembly: ConnectorPlugin<…>]. Name the assembly that has the connectors; see docs/write-a-connector.md.");
            return new Plugin(path, plugin.Create());
        }
        catch (Exception e)
        {
            throw PluginErrors.Explain(path, e);
        }
    }

    // By Semantic Versioning: what a major version promises (before 1.0, a minor one), later ones of it keep.
    private static void Check(string path, Assembly assembly)
    {
        var made = assembly.GetReferencedAssemblies().FirstOrDefault(r => r.Name == typeof(Plugin).Assembly.GetName().Name)?.Version
            ?? throw new PluginException($"{path} is no plugin of Etl: it does not use Etl.Core. Name the assembly that has the connectors.");
        var same = made.Major == Contract.Major && (made.Major > 0 || made.Minor == Contract.Minor);
        if (!same || made > Contract)
            throw new PluginException($"{path} was made for Etl.Core {made.ToString(3)}, and this is {Contract.ToString(3)}. {(made > Contract ? "Install a newer etl" : $"Build it with the package Etl.Core {Contract.ToString(3)}")}, or take another version of the plugin.");
    }
}
