namespace Etl.Core.Connectors;

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

/// <summary>How kinds are named and where they stand.</summary>
public static class ConnectorKinds
{
    /// <summary>The kind, for a person.</summary>
    public static string Text(this ConnectorKind kind) => kind switch
    {
        ConnectorKind.StagingSink => "staging sink",
        ConnectorKind.LoadSink => "load sink",
        ConnectorKind.StateStore => "state store",
        ConnectorKind.Settings => "settings key",
        ConnectorKind.Parser => "parser",
        ConnectorKind.Transform => "transform",
        _ => "source",
    };

    /// <summary>The key of the pipeline file under which it stands; empty for a key of its own.</summary>
    public static string Place(this ConnectorKind kind) => kind switch
    {
        ConnectorKind.Source => "source",
        ConnectorKind.Parser or ConnectorKind.Transform => "transforms",
        ConnectorKind.StagingSink or ConnectorKind.LoadSink => "sinks",
        ConnectorKind.StateStore => "state",
        _ => "",
    };
}
