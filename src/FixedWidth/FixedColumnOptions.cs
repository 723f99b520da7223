using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv;

namespace Etl.FixedWidth;

/// <summary>A column: where it stands in a record, what it is, and how its values are written.</summary>
public sealed record FixedColumnOptions : ValueFormatOptions, IValidatableObject
{
    /// <summary>The column's name.</summary>
    [Description("The column's name in the table")]
    public required string Name { get; init; }

    /// <summary>Where it starts, counted from 1.</summary>
    [Description("Where it starts in a record, counted from 1 (default: where the column before it ends)")]
    [Range(1, 1_000_000)]
    public int? Start { get; init; }

    /// <summary>How wide it is.</summary>
    [Description("How wide it is")]
    [Range(1, 1_000_000)]
    public required int Width { get; init; }

    /// <summary>The type; null to find it out.</summary>
    [Description("The column's type: string, int64, float64, numeric, bignumeric, bool, date, datetime, timestamp or time; from samples when left out")]
    public ColumnType? Type { get; init; }

    /// <summary>Whether a value may be missing.</summary>
    [Description("Whether a value may be missing (default true)")]
    public bool? Nullable { get; init; }

    /// <summary>What to do when the table's column is not alike, in place of the parser's <c>contract</c>.</summary>
    [Description("What to do when the table's column and this one are not alike, in place of contract")]
    public SchemaContract? Contract { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Problem() is { } problem)
            yield return new ValidationResult($"{Name}: {problem}", [Type is null ? nameof(Type) : Culprit()]);
    }

    /// <summary>What is wrong with the column; null when nothing is.</summary>
    internal string? Problem() => Type is { } type ? Problem(type)
        : ToFormat() is { ChangesValues: true } ? "a format needs a type: state the column's type too" : null;
}
