using Etl.Core.Connectors;
using Etl.Core.Contracts;

namespace Etl.Core.Pipelines;

/// <summary>A pipeline file, read and checked: what each part is, with its options. Nothing has been opened.</summary>
public sealed record PipelineDefinition
{
    /// <summary>The file's path, as given.</summary>
    public required string File { get; init; }

    /// <summary>The pipeline's name; part of object names and job ids.</summary>
    public required string Name { get; init; }

    /// <summary>Settings shared by several connectors, by the type of their options.</summary>
    public required IReadOnlyDictionary<Type, object> Settings { get; init; }

    /// <summary>Where objects come from.</summary>
    public required ConnectorBlock Source { get; init; }

    /// <summary>What reads them.</summary>
    public required ConnectorBlock Parser { get; init; }

    /// <summary>What changes the rows, in order.</summary>
    public required IReadOnlyList<ConnectorBlock> Transforms { get; init; }

    /// <summary>Where staged files go.</summary>
    public required ConnectorBlock Staging { get; init; }

    /// <summary>Where staged files are loaded; may be empty, then the staged files are the result.</summary>
    public required IReadOnlyList<ConnectorBlock> Loads { get; init; }

    /// <summary>Which objects a run reads.</summary>
    public IncrementalOptions Incremental { get; init; } = new();

    /// <summary>Which metadata columns rows get; null for none.</summary>
    public MetadataOptions? Metadata { get; init; }

    /// <summary>What must be true of the staged rows; null for nothing.</summary>
    public AssertOptions? Assert { get; init; }

    /// <summary>Where state is kept; null for the staging sink's own default.</summary>
    public ConnectorBlock? State { get; init; }
}

/// <summary>A connector with its options.</summary>
public sealed record ConnectorBlock(ConnectorDescriptor Connector, object Options);
