using Etl.Core.Contracts;

namespace Etl.Core.Runs;

/// <summary>What a stage task did with its split. <see cref="RowsRead"/> = <see cref="RowsStaged"/> + <see cref="RowsRejected"/> + <see cref="RowsFiltered"/>, always; with <see cref="StagingFormat.Passthrough"/> nobody counted, and all are null.</summary>
public sealed record StageReceipt
{
    /// <summary>The split's index.</summary>
    public required int Split { get; init; }

    /// <summary>Data rows met in the source.</summary>
    public required long? RowsRead { get; init; }

    /// <summary>Rows in the staged files.</summary>
    public required long? RowsStaged { get; init; }

    /// <summary>Rows in the dead letters.</summary>
    public required long? RowsRejected { get; init; }

    /// <summary>Rows a transform left out.</summary>
    public required long? RowsFiltered { get; init; }

    /// <summary>Stored bytes read from the source.</summary>
    public required long BytesRead { get; init; }

    /// <summary>The staged files, in order.</summary>
    public required IReadOnlyList<StagedFile> Files { get; init; }

    /// <summary>Names of the dead-letter files in the state store, in order.</summary>
    public required IReadOnlyList<string> DeadLetters { get; init; }

    /// <summary>Rows repaired, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Repairs { get; init; }
}
