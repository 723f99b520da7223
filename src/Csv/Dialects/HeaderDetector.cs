using System.Globalization;
using System.Text;
using Etl.Csv.Inference;

namespace Etl.Csv.Dialects;

/// <summary>Whether the first row names the columns: it is text where the rows below are typed, and nowhere typed itself.</summary>
internal static class HeaderDetector
{
    public static bool Detect(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
            return false;
        var first = rows[0];
        if (Array.TrueForAll(first, f => f.Length == 0))
            return false;
        var typed = Array.Exists(first, f => IsTyped(f));
        for (var column = 0; column < first.Length; column++)
        {
            if (first[column].Length > 0 && !IsTyped(first[column]) && BelowIsTyped(rows, column))
                return true;
        }
        if (typed)
            return NamesYears(rows);
        if (first.Distinct(StringComparer.Ordinal).Count() < first.Length && Array.TrueForAll(first, f => f.Length > 0))
            return false;
        // A name does not come up again as a value of its own column.
        for (var column = 0; column < first.Length; column++)
        {
            if (first[column].Length > 0 && rows.Skip(1).Any(r => column < r.Length && r[column] == first[column]))
                return false;
        }
        return true;
    }

    // Years side by side over other values: the header of a table that was turned.
    private static bool NamesYears(IReadOnlyList<string[]> rows)
    {
        var years = rows[0].Where(IsTyped).ToList();
        return years.Count > 1 && years.TrueForAll(IsYear) && years.Distinct().Count() == years.Count
            && rows.Count > 1 && !rows.Skip(1).Any(r => r.Where(IsTyped).Any(IsYear));
    }

    private static bool IsYear(string text) => text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 1799 and < 2200;

    private static bool BelowIsTyped(IReadOnlyList<string[]> rows, int column)
    {
        var values = rows.Skip(1).Where(r => column < r.Length && r[column].Length > 0).Select(r => r[column]).ToList();
        return values.Count > 0 && values.TrueForAll(IsTyped);
    }

    private static bool IsTyped(string text) => ValueClassifier.Classify(Encoding.UTF8.GetBytes(text)) is > ValueKind.Empty and < ValueKind.Text;
}
