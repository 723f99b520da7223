using Etl.Core.Contracts;
using Etl.Core.State;

namespace Etl.Core.Connectors;

/// <summary>The connectors a pipeline can name. Each connectors project adds its own, explicitly.</summary>
public sealed class ConnectorRegistry
{
    private readonly List<ConnectorDescriptor> connectors = [];

    /// <summary>All of them, in the order they were added.</summary>
    public IReadOnlyList<ConnectorDescriptor> Connectors => connectors;

    /// <summary>A source, named under <c>source:</c>.</summary>
    public ConnectorRegistry AddSource<TOptions>(string name, string description, Func<TOptions, ConnectorContext, ISource> create) where TOptions : class =>
        Add(ConnectorKind.Source, name, description, create);

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

    private ConnectorRegistry Add<TOptions, T>(ConnectorKind kind, string name, string description, Func<TOptions, ConnectorContext, T> create, string? scheme = null, Func<object, ConnectorContext, IStateStore>? state = null, bool asserts = false)
        where TOptions : class where T : class
    {
        if (connectors.Any(c => c.Name == name && c.Kind == kind))
            throw new InvalidOperationException($"A {kind} called {name} is already registered.");
        connectors.Add(new ConnectorDescriptor(kind, name, description, typeof(TOptions), scheme, (options, context) => create((TOptions)options, context)) { DefaultState = state, Asserts = asserts });
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
}

/// <summary>Where a connector stands in the pipeline file.</summary>
public enum ConnectorKind
{
    /// <summary>Under <c>source:</c>.</summary>
    Source,

    /// <summary>First under <c>transforms:</c>.</summary>
    Parser,

    /// <summary>Under <c>transforms:</c>.</summary>
    Transform,

    /// <summary>Under <c>sinks:</c>.</summary>
    StagingSink,

    /// <summary>Under <c>sinks:</c>.</summary>
    LoadSink,

    /// <summary>Under <c>state:</c>.</summary>
    StateStore,

    /// <summary>A key of its own at the top.</summary>
    Settings,
}
