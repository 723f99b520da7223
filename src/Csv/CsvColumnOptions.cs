using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Csv;

/// <summary>A declared column: its name and type, where it is in the file, and how its values are written there.</summary>
public sealed record CsvColumnOptions : ValueFormatOptions, IValidatableObject
{
    /// <summary>The column's name in the table.</summary>
    [Description("The column's name in the table")]
    public required string Name { get; init; }

    /// <summary>The column's type.</summary>
    [Description("The column's type: string, int64, float64, numeric, bignumeric, bool, date, datetime, timestamp or time")]
    public required ColumnType Type { get; init; }

    /// <summary>Whether a value may be missing.</summary>
    [Description("Whether a value may be missing (default true)")]
    public bool? Nullable { get; init; }

    /// <summary>The name in the file's header when it differs.</summary>
    [Description("The name in the file's header, when it differs")]
    public string? Source { get; init; }

    /// <summary>Where the column is in the file, counted from 1, whatever the header calls it.</summary>
    [Description("Where the column is in the file, counted from 1, whatever the header calls it")]
    [Range(1, 100_000)]
    public int? Position { get; init; }

    /// <summary>What to do when the table's column is not alike, in place of <c>csv: contract</c>.</summary>
    [Description("What to do when the table's column and this one are not alike, in place of csv: contract")]
    public SchemaContract? Contract { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Problem() is { } problem)
            yield return new ValidationResult($"{Name}: {problem}", [Culprit()]);
    }

    /// <summary>What is wrong with the format; null when nothing is.</summary>
    internal string? Problem() => Problem(Type);

    /// <summary>The column as the schema has it.</summary>
    /// <param name="contract">The contract of columns that state none.</param>
    internal Column ToColumn(SchemaContract contract) => new(Name, Type, Nullable ?? true, Source is null || Source == Name ? null : Source) { Format = ToFormat(), SourcePosition = Position, Contract = Contract ?? contract };
}
