using System.Text.Json.Serialization;
using Etl.Core.Contracts;

namespace Etl.Core.Schemas;

/// <summary>One column of a table.</summary>
/// <param name="Name">The name, legal for BigQuery.</param>
/// <param name="Type">The type.</param>
/// <param name="Nullable">Whether a value may be missing.</param>
/// <param name="SourceName">The name as the source writes it, when it differs; shown as the column's description.</param>
public sealed record Column(string Name, ColumnType Type, bool Nullable = true, string? SourceName = null)
{
    /// <summary>How the source writes its values; null when plainly.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ColumnFormat? Format { get; init; }

    /// <summary>Whether the type was inferred from samples that are not everything: a value that none of them holds may not fit it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsGuess { get; init; }

    /// <summary>Where the source has it, counted from 1, when it is found by position and not by name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SourcePosition { get; init; }

    /// <summary>What it says of where the row comes from; null for a column of the data.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RowOrigin? Metadata { get; init; }

    /// <summary>What to do when the data and the column, as a table or the samples have it, are not alike.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SchemaContract Contract { get; init; }

    /// <summary>Whether a row that has a value in it is rejected: the table has no such column, and the contract says so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRefused { get; init; }

    /// <summary>Whether a transform hid its values, or made it of rows with hidden ones: no report shows any. It follows from the pipeline's options, and is not written down.</summary>
    [JsonIgnore]
    public bool IsMasked { get; init; }

    /// <summary>While a run is planned, the source's column that this one is, whatever it is called by now; null when a transform made it. Transforms that derive a column from another by <c>with</c> keep it.</summary>
    [JsonIgnore]
    public string? Origin { get; init; }
}
