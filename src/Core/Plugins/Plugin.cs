using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
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

    /// <summary>Loads the plugins that <paramref name="reference"/> stands for: an assembly, a folder of them, or a package as <c>nuget:ID@VERSION</c>. This runs their code.</summary>
    /// <param name="reference">The path or package.</param>
    /// <param name="folder">What a relative path is relative to.</param>
    /// <param name="packages">Where packages come from; null when they cannot be used.</param>
    /// <exception cref="PluginException">There is none, or one cannot be loaded.</exception>
    public static IReadOnlyList<Plugin> Load(string reference, string folder, IPluginPackages? packages = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return [.. PluginFiles.Find(PluginReference.Resolve(reference, folder, packages)).Select(file => Loaded.GetOrAdd(file, f => new Lazy<Plugin>(() => LoadOne(f))).Value)];
    }

    /// <summary>Loads the plugins of a list of references with <paramref name="separator"/> between them, as in an environment variable.</summary>
    /// <exception cref="PluginException">One of them cannot be loaded.</exception>
    public static IReadOnlyList<Plugin> LoadAll(string list, char separator, string folder, IPluginPackages? packages = null)
    {
        ArgumentNullException.ThrowIfNull(list);
        return [.. PluginReference.Split(list, separator).SelectMany(reference => Load(reference, folder, packages))];
    }

    /// <summary>The path of the plugin whose code <paramref name="error"/> came out of; null when it came out of none.</summary>
    public static string? Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var frames = new StackTrace(error).GetFrames().Select(f => f.GetMethod()?.Module.Assembly);
        return frames.Select(a => a is null ? null : AssemblyLoadContext.GetLoadContext(a)).OfType<PluginLoadContext>().FirstOrDefault()?.Path;
    }

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
