using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv.Values.Formats;

namespace Etl.Csv;

/// <summary>A declared column: its name and type, where it is in the file, and how its values are written there.</summary>
public sealed record CsvColumnOptions : IValidatableObject
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

    /// <summary>How dates and times are written.</summary>
    [Description("How dates and times are written, such as yyyy/MM/dd, d.M.yyyy H:mm, d MMM yyyy or ggy年M月d日 (docs/types.md)")]
    public string? Format { get; init; }

    /// <summary>The IANA zone of times that name none.</summary>
    [Description("The zone of times that name none, such as Asia/Tokyo; a time that the zone's clocks skip or repeat is rejected")]
    public string? TimeZone { get; init; }

    /// <summary>What stands before the fraction of a number.</summary>
    [Description("What stands before a number's fraction (default a point)")]
    [StringLength(4, MinimumLength = 1)]
    public string? Decimal { get; init; }

    /// <summary>What may stand between groups of three digits.</summary>
    [Description("What may stand between groups of three digits, such as , or a space")]
    [StringLength(4, MinimumLength = 1)]
    public string? Grouping { get; init; }

    /// <summary>Texts beside a number that are dropped.</summary>
    [Description("Texts before or after a number that are dropped, such as ¥, USD or %")]
    public IReadOnlyList<string>? Strip { get; init; }

    /// <summary>Texts that mean that a value is missing, besides those of <c>csv: null</c> and the empty field.</summary>
    [Description("Texts that mean that this column's value is missing, besides csv: null and the empty field; \"\" also means the quoted empty field")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>Texts that mean true.</summary>
    [Description("Texts that mean true, in any case")]
    public IReadOnlyList<string>? True { get; init; }

    /// <summary>Texts that mean false.</summary>
    [Description("Texts that mean false, in any case")]
    public IReadOnlyList<string>? False { get; init; }

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
    internal string? Problem() => ToFormat() is { } format ? FieldFormats.Problem(Type, format) : null;

    /// <summary>The column as the schema has it.</summary>
    /// <param name="contract">The contract of columns that state none.</param>
    internal Column ToColumn(SchemaContract contract) => new(Name, Type, Nullable ?? true, Source is null || Source == Name ? null : Source) { Format = ToFormat(), SourcePosition = Position, Contract = Contract ?? contract };

    private ColumnFormat? ToFormat() => (Format ?? TimeZone ?? Decimal ?? Grouping) is null && Strip is null && Null is null && True is null && False is null
        ? null
        : new ColumnFormat { Pattern = Format, TimeZone = TimeZone, Decimal = Decimal, Grouping = Grouping, Strip = Strip, Null = Null, True = True, False = False };

    private string Culprit() =>
        Format is not null ? nameof(Format)
        : TimeZone is not null ? nameof(TimeZone)
        : Decimal is not null ? nameof(Decimal)
        : Grouping is not null ? nameof(Grouping)
        : Strip is not null ? nameof(Strip)
        : True is not null ? nameof(True) : nameof(False);
}
