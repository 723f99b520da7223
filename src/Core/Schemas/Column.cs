using System.Text.Json.Serialization;

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
    public RowOrigin? Origin { get; init; }
}
