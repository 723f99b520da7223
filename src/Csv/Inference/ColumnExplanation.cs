using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Csv.Inference;

/// <summary>Says in words why a column has its type: for a person at a terminal, and without values for a log.</summary>
internal static class ColumnExplanation
{
    /// <summary>The finding for a column.</summary>
    /// <param name="seen">What was seen.</param>
    /// <param name="column">The column as the schema has it.</param>
    /// <param name="declared">Whether a person decided its type.</param>
    public static ColumnFinding Of(ColumnEvidence seen, Column column, bool declared)
    {
        var verdict = seen.Decide();
        if (declared)
            return new ColumnFinding(column.Name, seen.Values, seen.Empty, "declared", null, null);
        if (column.Type == ColumnType.String && verdict.Type != ColumnType.String)
            return new ColumnFinding(column.Name, seen.Values, seen.Empty, "every column is text, as schema: strings says", null, null);
        var (why, example) = column.Type == ColumnType.String ? WhyText(seen, verdict.Reason) : WhyTyped(seen, verdict);
        return new ColumnFinding(column.Name, seen.Values, seen.Empty, why, example is null ? null : new ColumnExample(example.Value, example.Object, example.Position), ColumnDeclaration.For(seen, verdict));
    }

    /// <summary>One sentence on why a column is text although it might be more, or null: when it is plainly text or JSON, or has no value.</summary>
    public static string? Note(ColumnEvidence seen)
    {
        var verdict = seen.Decide();
        if (verdict.Type != ColumnType.String || verdict.Reason == VerdictReason.NoValue || IsMostlyText(seen) || seen.CountOf(ValueKind.Nested) == seen.Values - seen.Empty)
            return null;
        var (why, example) = WhyText(seen, verdict.Reason);
        var declare = ColumnDeclaration.For(seen, verdict);
        return $"{seen.Name} is STRING: {why}{(example is null ? "" : $" ({example.Position} of {example.Object})")}.{(declare is null ? "" : $" To have it typed, declare {{ name: {seen.Name}, {declare.Keys} }}{(declare.Remark is null ? "" : $" ({declare.Remark})")}.")}";
    }

    private static (string Why, FoundValue? Example) WhyTyped(ColumnEvidence seen, ColumnVerdict verdict)
    {
        if (verdict.Format is { } format)
        {
            var written = format.Pattern is { } pattern ? $"every value is written {pattern}" : format.Decimal is null ? "every value is a number, commas group" : "every value is a number, a comma is decimal";
            return seen.Proof is null ? (written, null) : ($"{written}, as one value proves", seen.Proof);
        }
        return verdict.Type switch
        {
            ColumnType.Numeric => ("decimal numbers, the first that is not whole", seen.FirstOf(ValueKind.Numeric)),
            ColumnType.BigNumeric => ("decimal numbers, the first that NUMERIC cannot hold", seen.FirstOf(ValueKind.BigNumeric) ?? seen.FirstOf(ValueKind.LargeInteger)),
            ColumnType.Float64 => seen.FirstOf(ValueKind.Float) is { } part && !part.Value.Contains('e', StringComparison.OrdinalIgnoreCase) ? ("numbers, the first that is not whole", part) : ("numbers, the first with an exponent", seen.FirstOf(ValueKind.Float)),
            ColumnType.Int64 => ("every value is a whole number", null),
            ColumnType.Bool => ("every value is true or false", null),
            ColumnType.Date => ("every value is a date", null),
            ColumnType.DateTime => ("every value is a date and time, none has a zone", null),
            ColumnType.Timestamp => ("every value is a date and time with a zone", null),
            _ => ("every value is a time of day", null),
        };
    }

    private static (string Why, FoundValue? Example) WhyText(ColumnEvidence seen, VerdictReason reason) => reason switch
    {
        VerdictReason.NoValue => ("it has no value", null),
        VerdictReason.LayoutsDiffer => ("all values are dates, in layouts that differ", null),
        VerdictReason.OrderUnknown => ("all values are dates, and none tells the day from the month", DateOf(seen)),
        VerdictReason.CommaUnknown => ("all values are numbers, and none tells whether commas group or are decimal", seen.FirstOf(ValueKind.FormattedNumber)),
        VerdictReason.NumbersDiffer => ("all values are numbers, in ways of writing that differ", seen.FirstOf(ValueKind.FormattedNumber)),
        VerdictReason.FloatWouldRound => ("all values are numbers, some with an exponent and some with more digits than FLOAT64 keeps", seen.FirstOf(ValueKind.Float)),
        _ => WhyMixed(seen),
    };

    private static (string Why, FoundValue? Example) WhyMixed(ColumnEvidence seen)
    {
        var values = seen.Values - seen.Empty;
        var met = Enum.GetValues<ValueKind>().Where(k => k != ValueKind.Empty && seen.CountOf(k) > 0).ToList();
        if (met is [var only])
            return only == ValueKind.Text ? ("text", seen.FirstOf(only)) : ($"every value is {ValueClassifier.Describe(only)}", seen.FirstOf(only));
        if (IsMostlyText(seen))
            return ("text", seen.FirstOf(ValueKind.Text));
        // Whole numbers and decimals are no contradiction: they are told as numbers, beside what is none.
        var families = met.GroupBy(k => k is >= ValueKind.Integer and <= ValueKind.Float ? ValueKind.Float : k).ToList();
        if (families.Count == 1)
            families = [.. met.GroupBy(k => k)];
        var usual = families.Where(f => f.Key < ValueKind.Text).DefaultIfEmpty(families.MaxBy(Count)!).MaxBy(Count)!;
        var odd = families.Where(f => f != usual).MinBy(Count)!;
        return (string.Create(CultureInfo.InvariantCulture, $"{Count(usual):N0} of {values:N0} values are {Describe(usual)}, but {Count(odd):N0} {(Count(odd) == 1 ? "is" : "are")} {Describe(odd)}"), odd.Select(seen.FirstOf).FirstOrDefault(f => f is not null));

        long Count(IGrouping<ValueKind, ValueKind> family) => family.Sum(seen.CountOf);

        static string Describe(IGrouping<ValueKind, ValueKind> family) => family.Count() > 1 ? "a number" : ValueClassifier.Describe(family.First());
    }

    private static bool IsMostlyText(ColumnEvidence seen) => seen.CountOf(ValueKind.Text) * 2 > seen.Values - seen.Empty;

    private static FoundValue? DateOf(ColumnEvidence seen) => seen.FirstOf(ValueKind.Date) ?? seen.FirstOf(ValueKind.DateTime) ?? seen.FirstOf(ValueKind.Timestamp);
}
