using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Schemas;
using Etl.Csv.Values.Formats;

namespace Etl.Csv;

/// <summary>How the values of one column are written, where that is not the plain way.</summary>
public abstract record ValueFormatOptions
{
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

    /// <summary>Texts that mean that a value is missing, besides those of all columns and the empty field.</summary>
    [Description("Texts that mean that this column's value is missing, besides those for all columns and the empty field; \"\" also means the quoted empty field")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>Texts that mean true.</summary>
    [Description("Texts that mean true, in any case")]
    public IReadOnlyList<string>? True { get; init; }

    /// <summary>Texts that mean false.</summary>
    [Description("Texts that mean false, in any case")]
    public IReadOnlyList<string>? False { get; init; }

    /// <summary>What is wrong with the format for a column of <paramref name="type"/>; null when nothing is.</summary>
    internal string? Problem(ColumnType type) => ToFormat() is { } format ? FieldFormats.Problem(type, format) : null;

    /// <summary>The format as a schema has it; null for the plain way.</summary>
    internal ColumnFormat? ToFormat() => (Format ?? TimeZone ?? Decimal ?? Grouping) is null && Strip is null && Null is null && True is null && False is null
        ? null
        : new ColumnFormat { Pattern = Format, TimeZone = TimeZone, Decimal = Decimal, Grouping = Grouping, Strip = Strip, Null = Null, True = True, False = False };

    /// <summary>The option that a problem is most likely with.</summary>
    internal string Culprit() =>
        Format is not null ? nameof(Format)
        : TimeZone is not null ? nameof(TimeZone)
        : Decimal is not null ? nameof(Decimal)
        : Grouping is not null ? nameof(Grouping)
        : Strip is not null ? nameof(Strip)
        : True is not null ? nameof(True) : nameof(False);
}
