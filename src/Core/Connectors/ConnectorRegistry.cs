using Etl.Core.Contracts;
using Etl.Core.Plugins;
using Etl.Core.State;

namespace Etl.Core.Connectors;

/// <summary>The connectors a pipeline can name. Each connectors project adds its own, explicitly.</summary>
/// <param name="packages">Where plugins come from that are named by package; null when they cannot be.</param>
public sealed class ConnectorRegistry(IPluginPackages? packages = null)
{
    private readonly List<ConnectorDescriptor> connectors = [];
    private readonly List<Plugin> plugins = [];
    private Plugin? adding;

    /// <summary>Where plugins come from that are named by package, or null.</summary>
    public IPluginPackages? Packages => packages;

    /// <summary>All of them, in the order they were added.</summary>
    public IReadOnlyList<ConnectorDescriptor> Connectors => connectors;

    /// <summary>A source, named under <c>source:</c>; <paramref name="acknowledged"/> says whether it is <see cref="IAcknowledgedSource"/> too.</summary>
    public ConnectorRegistry AddSource<TOptions>(string name, string description, Func<TOptions, ConnectorContext, ISource> create, bool acknowledged = false) where TOptions : class =>
        Add(ConnectorKind.Source, name, description, create, acknowledged: acknowledged);

    /// <summary>A parser, named first under <c>transforms:</c>.</summary>
    public ConnectorRegistry AddParser<TOptions>(string name, string description, Func<TOptions, ConnectorContext, IParser> create) where TOptions : class =>
        Add(ConnectorKind.Parser, name, description, create);

    /// <summary>A transform, named under <c>transforms:</c>.</summary>
    public ConnectorRegistry AddTransform<TOptions>(string name, string description, Func<TOptions, ConnectorContext, ITransform> create) where TOptions : class =>
        Add(ConnectorKind.Transform, name, description, create);

    /// <summary>A staging sink, named under <c>sinks:</c>. <paramref name="scheme"/> is the URI scheme of what it writes; <paramref name="state"/> makes the state store that is used when the pipeline names none.</summary>
    public ConnectorRegistry AddStagingSink<TOptions>(
        string name, string description, string scheme, Func<TOptions, ConnectorContext, IStagingSink> create, Func<TOptions, ConnectorContext, IStateStore> state) where TOptions : class =>
        Add(ConnectorKind.StagingSink, name, description, create, scheme, (options, context) => state((TOptions)options, context));

    /// <summary>A load sink, named under <c>sinks:</c>. <paramref name="scheme"/> is the URI scheme of the staged files its service loads, or null when it reads them itself (<see cref="IStagedFiles"/>); <paramref name="asserts"/> says whether it is <see cref="IStagedRows"/> too.</summary>
    public ConnectorRegistry AddLoadSink<TOptions>(string name, string description, string? scheme, Func<TOptions, ConnectorContext, ILoadSink> create, bool asserts = false) where TOptions : class =>
        Add(ConnectorKind.LoadSink, name, description, create, scheme, asserts: asserts);

    /// <summary>A state store, named under <c>state:</c>.</summary>
    public ConnectorRegistry AddStateStore<TOptions>(string name, string description, Func<TOptions, ConnectorContext, IStateStore> create) where TOptions : class =>
        Add(ConnectorKind.StateStore, name, description, create);

    /// <summary>Settings that several connectors share, a key at the top of the file, such as <c>google:</c>. Read by <see cref="ConnectorContext.Settings{T}"/>.</summary>
    public ConnectorRegistry AddSettings<TOptions>(string name, string description) where TOptions : class =>
        Add<TOptions, TOptions>(ConnectorKind.Settings, name, description, (options, _) => options);

    /// <summary>These connectors and those of plugins; a plugin that is there already is not added again.</summary>
    /// <exception cref="PluginException">A plugin fails, or calls a connector as another is called.</exception>
    public ConnectorRegistry With(IEnumerable<Plugin> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        var all = new ConnectorRegistry(packages);
        all.connectors.AddRange(connectors);
        all.plugins.AddRange(plugins);
        foreach (var plugin in more.Except(plugins).Distinct())
        {
            all.adding = plugin;
            plugin.Register(all);
            all.plugins.Add(plugin);
        }

        all.adding = null;
        return all;
    }

    private ConnectorRegistry Add<TOptions, T>(ConnectorKind kind, string name, string description, Func<TOptions, ConnectorContext, T> create, string? scheme = null, Func<object, ConnectorContext, IStateStore>? state = null, bool asserts = false, bool acknowledged = false)
        where TOptions : class where T : class
    {
        // Sinks of both kinds stand in one list, parsers and transforms too: there, one name is one connector.
        if (connectors.Find(c => c.Name == name && c.Kind.Place() == kind.Place()) is { } other)
            throw new PluginException($"it calls a {kind.Text()} \"{name}\", as {(other.Plugin is { } plugin ? $"the plugin {plugin.Path}" : "Etl itself")} calls one. Give it another name, or leave one of the two out.");
        connectors.Add(new ConnectorDescriptor(kind, name, description, typeof(TOptions), scheme, (options, context) => create((TOptions)options, context)) { DefaultState = state, Asserts = asserts, Acknowledged = acknowledged, Plugin = adding });
        return this;
    }
}

/// <summary>What a name in the pipeline file stands for.</summary>
/// <param name="Kind">Where it may stand.</param>
/// <param name="Name">The key in the YAML.</param>
/// <param name="Description">One line for people.</param>
/// <param name="OptionsType">The options record.</param>
/// <param name="Scheme">The URI scheme of the staged files it writes or loads; null for a load sink that takes any, and for the other kinds.</param>
/// <param name="Create">Makes it from its options.</param>
public sealed record ConnectorDescriptor(ConnectorKind Kind, string Name, string Description, Type OptionsType, string? Scheme, Func<object, ConnectorContext, object> Create)
{
    /// <summary>Makes the state store beside a staging sink; null for the other kinds.</summary>
    public Func<object, ConnectorContext, IStateStore>? DefaultState { get; init; }

    /// <summary>Whether it is a load sink that can be asked about staged rows before they are loaded.</summary>
    public bool Asserts { get; init; }

    /// <summary>Whether it is a source that lists objects only until it is told that they are dealt with.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>The plugin it is from; null for one of Etl's own.</summary>
    public Plugin? Plugin { get; init; }
}
