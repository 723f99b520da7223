using System.Text.Json.Serialization;
using Etl.Core.Contracts;
using Etl.Core.Statistics;

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

    /// <summary>Which part of the object the rows are from; null when the split is the whole object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SplitExtent? Extent { get; init; }

    /// <summary>Values that were left out because the contract says so, by column; null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Discarded { get; init; }

    /// <summary>Rows repaired, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Repairs { get; init; }

    /// <summary>When the task began to read the split, by its own clock; null in receipts of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Started { get; init; }

    /// <summary>When all of it was staged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What the columns hold, for the report; null when there is to be none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ColumnStatistics>? Columns { get; init; }
}

/// <summary>The part of an object that a split's rows turned out to be: its records start and end where they do, not where the split's range does.</summary>
/// <param name="Start">The byte at which the first record starts: of this split, or of a later one when no record starts in it.</param>
/// <param name="End">The byte at which the first record after the split's last starts; the object's length when there is none.</param>
/// <param name="Lines">Line ends between the two.</param>
/// <param name="LinesBefore">Line ends before <paramref name="Start"/> as they stand in the split's dead letters; null while those count from <paramref name="Start"/>.</param>
public sealed record SplitExtent(long Start, long End, long Lines, long? LinesBefore = null)
{
    /// <summary>What the parser was told to start in; null for rows as usual.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? StartsIn { get; init; }

    /// <summary>What the part ends in that changes how the rows after it are read, in the parser's own word; null for rows as usual.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EndsIn { get; init; }
}
