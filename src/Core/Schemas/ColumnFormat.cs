using System.Text.Json.Serialization;

namespace Etl.Core.Schemas;

/// <summary>How a column's values are written where that is not the plain way. It travels with the schema, so that every task reads them alike.</summary>
public sealed record ColumnFormat
{
    /// <summary>The layout of dates and times, such as <c>yyyy/MM/dd</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pattern { get; init; }

    /// <summary>What stands before the fraction of a number; null for a point.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Decimal { get; init; }

    /// <summary>What may stand between groups of three digits; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Grouping { get; init; }

    /// <summary>The IANA zone of times that name none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }

    /// <summary>Texts before or after a number that are no part of it, such as a currency sign.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Strip { get; init; }

    /// <summary>Texts that mean that a value is missing, besides those of the whole object.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>Texts that mean true.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? True { get; init; }

    /// <summary>Texts that mean false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? False { get; init; }

    /// <summary>Whether anything but the missing values is out of the ordinary.</summary>
    [JsonIgnore]
    public bool ChangesValues => Pattern is not null || Decimal is not null || Grouping is not null || TimeZone is not null || Strip is not null || True is not null || False is not null;

    /// <inheritdoc/>
    public bool Equals(ColumnFormat? other) =>
        other is not null && (Pattern, Decimal, Grouping, TimeZone) == (other.Pattern, other.Decimal, other.Grouping, other.TimeZone)
        && Same(Strip, other.Strip) && Same(Null, other.Null) && Same(True, other.True) && Same(False, other.False);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Pattern, Decimal, Grouping, TimeZone, Null?.Count, True?.Count);

    private static bool Same(IReadOnlyList<string>? a, IReadOnlyList<string>? b) => a is null ? b is null : b is not null && a.SequenceEqual(b);
}
