using Etl.Core.Schemas;

namespace Etl.Csv.Inference;

/// <summary>Why a column has the type that it has.</summary>
internal enum VerdictReason
{
    /// <summary>Every value is of one kind.</summary>
    AllAlike,

    /// <summary>The column has no value.</summary>
    NoValue,

    /// <summary>Values are of kinds that no type but STRING takes together, or of one that only STRING takes whole.</summary>
    OnlyText,

    /// <summary>All values are dates, in layouts that differ.</summary>
    LayoutsDiffer,

    /// <summary>No value tells the day from the month.</summary>
    OrderUnknown,

    /// <summary>No value tells a grouping comma from a decimal one.</summary>
    CommaUnknown,

    /// <summary>All values are numbers, written in ways that differ.</summary>
    NumbersDiffer,

    /// <summary>A double would lose digits.</summary>
    FloatWouldRound,
}

/// <summary>The type that all values of a column fit with nothing lost, and how they are written. A reading that is not proven is not taken: text can be cast later, what was lost cannot be found again.</summary>
internal sealed record ColumnVerdict(ColumnType Type, VerdictReason Reason, ColumnFormat? Format = null)
{
    /// <summary>The verdict that the evidence allows.</summary>
    public static ColumnVerdict Of(ColumnEvidence seen)
    {
        var values = seen.Values - seen.Empty;
        if (values == 0)
            return Text(VerdictReason.NoValue);
        if (seen.CountOf(ValueKind.Bool) == values)
            return new ColumnVerdict(ColumnType.Bool, VerdictReason.AllAlike);
        if (seen.CountOf(ValueKind.Time) == values)
            return new ColumnVerdict(ColumnType.Time, VerdictReason.AllAlike);
        foreach (var (kind, type) in (ReadOnlySpan<(ValueKind, ColumnType)>)[(ValueKind.Date, ColumnType.Date), (ValueKind.DateTime, ColumnType.DateTime), (ValueKind.Timestamp, ColumnType.Timestamp)])
        {
            if (seen.CountOf(kind) == values)
                return OfDates(seen, kind, type);
        }
        return OfNumbers(seen, values);
    }

    private static ColumnVerdict OfDates(ColumnEvidence seen, ValueKind kind, ColumnType type)
    {
        if (seen.Layouts == 0)
            return Text(VerdictReason.LayoutsDiffer);
        var plain = (seen.Layouts & (DateLayouts.Iso | DateLayouts.Slash)) != 0;
        if (!plain && kind != ValueKind.Date && seen.Times == 0)
            return Text(VerdictReason.LayoutsDiffer);
        if (!plain && DateLayouts.IsAmbiguous(seen.Layouts))
            return Text(VerdictReason.OrderUnknown);
        return new ColumnVerdict(type, VerdictReason.AllAlike, DateLayouts.PatternOf(seen.Layouts, seen.Times, kind) is { } pattern ? new ColumnFormat { Pattern = pattern } : null);
    }

    private static ColumnVerdict OfNumbers(ColumnEvidence seen, long values)
    {
        var (whole, large, formatted, floats) = (seen.CountOf(ValueKind.Integer), seen.CountOf(ValueKind.LargeInteger), seen.CountOf(ValueKind.FormattedNumber), seen.CountOf(ValueKind.Float));
        var decimals = seen.CountOf(ValueKind.Numeric) + seen.CountOf(ValueKind.BigNumeric);
        if (whole + large + formatted + floats + decimals != values)
            return Text(VerdictReason.OnlyText);
        if (formatted > 0)
            return OfFormatted(seen, plainOnly: large + floats == 0);
        if (floats > 0)
            return seen.FloatWouldRound ? Text(VerdictReason.FloatWouldRound) : new ColumnVerdict(ColumnType.Float64, VerdictReason.AllAlike);
        // Whole numbers beyond INT64 are numbers among decimals, and keys among whole numbers.
        if (decimals == 0)
            return large > 0 ? Text(VerdictReason.OnlyText) : new ColumnVerdict(ColumnType.Int64, VerdictReason.AllAlike);
        return new ColumnVerdict(seen.CountOf(ValueKind.BigNumeric) > 0 || seen.LargeNeedsBigNumeric ? ColumnType.BigNumeric : ColumnType.Numeric, VerdictReason.AllAlike);
    }

    private static ColumnVerdict OfFormatted(ColumnEvidence seen, bool plainOnly)
    {
        if (!plainOnly || seen.Numbers == NumberReading.None)
            return Text(VerdictReason.NumbersDiffer);
        if (seen.Numbers == NumberReading.Both)
            return Text(VerdictReason.CommaUnknown);
        var widest = seen.Numbers == NumberReading.GroupingComma ? seen.Grouping : seen.DecimalComma;
        if (seen.CountOf(ValueKind.BigNumeric) > 0)
            widest = ValueKind.BigNumeric;
        else if (seen.CountOf(ValueKind.Numeric) > 0 && widest == ValueKind.Integer)
            widest = ValueKind.Numeric;
        var type = widest switch
        {
            ValueKind.Integer => ColumnType.Int64,
            ValueKind.Numeric => ColumnType.Numeric,
            _ => ColumnType.BigNumeric,
        };
        return new ColumnVerdict(type, VerdictReason.AllAlike, seen.Numbers == NumberReading.GroupingComma ? new ColumnFormat { Grouping = "," } : new ColumnFormat { Decimal = ",", Grouping = "." });
    }

    private static ColumnVerdict Text(VerdictReason reason) => new(ColumnType.String, reason);
}
