using System.Numerics;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Csv.Inference;

/// <summary>What a person could declare to have a column typed that inference leaves as text, in YAML.</summary>
internal static class ColumnDeclaration
{
    /// <summary>The keys to declare; null when there is nothing to gain.</summary>
    public static ColumnHint? For(ColumnEvidence seen, ColumnVerdict verdict) => verdict.Reason switch
    {
        VerdictReason.OrderUnknown => Orders(seen),
        VerdictReason.CommaUnknown => new("type: NUMERIC, grouping: \",\"", "or decimal: \",\""),
        VerdictReason.OnlyText => OfText(seen),
        VerdictReason.AllAlike when verdict.Type == ColumnType.Int64 && seen.AllCompactDates => new($"type: DATE, format: {CompactDate.Pattern}"),
        _ => null,
    };

    private static ColumnHint Orders(ColumnEvidence seen)
    {
        var (kind, type) = seen.CountOf(ValueKind.Date) > 0 ? (ValueKind.Date, "DATE") : seen.CountOf(ValueKind.DateTime) > 0 ? (ValueKind.DateTime, "DATETIME") : (ValueKind.Timestamp, "TIMESTAMP");
        if (kind != ValueKind.Date && seen.Times == 0)
            return new($"type: {type}, format: …", "their times are written in several ways, of which one can be declared");
        var (dayFirst, monthFirst) = DateLayouts.BothOf(seen.Layouts, seen.Times, kind);
        return new($"type: {type}, format: \"{dayFirst}\"", $"or \"{monthFirst}\"");
    }

    private static ColumnHint? OfText(ColumnEvidence seen)
    {
        var values = seen.Values - seen.Empty;
        bool All(ValueKind kind) => seen.CountOf(kind) == values;
        if (All(ValueKind.Percent))
            return new("type: NUMERIC, strip: [\"%\"]", "12.5% is then 12.5");
        if (All(ValueKind.Currency))
            return new($"type: NUMERIC, grouping: \",\", strip: [{Quoted(KnownWords.CurrencyOf(FirstBytes(seen, ValueKind.Currency)))}]", "the currency is then only in the column's name");
        if (All(ValueKind.FullWidthNumber))
            return new("type: INT64, grouping: \",\"", "which also reads full-width digits");
        if (All(ValueKind.SpacedNumber))
            return new("type: NUMERIC, grouping: \" \", decimal: \",\"");
        if (All(ValueKind.ShortDate) && DateLayouts.ShortPatternOf(FirstBytes(seen, ValueKind.ShortDate)) is { } pattern)
            return new($"type: DATE, format: {pattern}", "or the order that it is in");
        if (All(ValueKind.QuotedNumber))
            return new($"type: {(ValueClassifier.Classify(FirstBytes(seen, ValueKind.QuotedNumber)) == ValueKind.Integer ? "INT64" : "NUMERIC")}");
        if (All(ValueKind.BoolWord) && seen.Pairs != 0)
        {
            var (yes, no) = KnownWords.PairOf(BitOperations.TrailingZeroCount(seen.Pairs));
            return new($"type: BOOL, true: [{Quoted(yes)}], false: [{Quoted(no)}]");
        }
        return Missing(seen, values);
    }

    // All values but words such as N/A are of one type.
    private static ColumnHint? Missing(ColumnEvidence seen, long values)
    {
        if (seen.CountOf(ValueKind.NullWord) is var words && (words == 0 || words == values))
            return null;
        var others = seen.WithoutNullWords().Decide();
        return others.Type == ColumnType.String ? null : new($"type: {others.Type.SqlName()}, null: [{Quoted(seen.FirstOf(ValueKind.NullWord)!.Value)}]");
    }

    private static byte[] FirstBytes(ColumnEvidence seen, ValueKind kind) => Encoding.UTF8.GetBytes(seen.FirstOf(kind)!.Value.Trim());

    private static string Quoted(ReadOnlySpan<byte> text) => Quoted(Encoding.UTF8.GetString(text));

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";
}
