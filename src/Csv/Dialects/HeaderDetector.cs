using System.Globalization;
using System.Text;
using Etl.Csv.Reading;

namespace Etl.Csv.Dialects;

/// <summary>How many rows at the top name the columns: they are text where the rows below are typed.</summary>
internal static class HeaderDetector
{
    private const int MostRows = 5;
    private const int MostColumns = 2_000;

    /// <summary>The number of header rows, 0 when the first row is data.</summary>
    /// <param name="rows">The first rows of the table.</param>
    /// <param name="width">How many fields most rows have.</param>
    public static int Rows(List<string[]> rows, int width)
    {
        if (rows.Count == 0 || Array.TrueForAll(rows[0], f => f.Length == 0))
            return 0;
        var typed = TypedColumns(rows, width);
        if (rows[0].Length == 1 && width > 2 && HeaderReader.OfOtherDelimiter(rows[0][0], width) is not null)
            return 1;
        var count = IsHeader(rows, typed) ? 1 : 0;
        if (count == 1 && rows.Count > 2 && NamesSpans(rows[0], rows[1]))
            count = 2;
        // More rows of names: a row that is taken for one is not loaded, so nothing less than text over several typed columns will do, and no value above it.
        for (var i = count; i < Math.Min(MostRows, rows.Count - 1) && !HasValue(rows[i], typed); i++)
        {
            if (NamesMost(rows[i], typed) && rows[i].Length == width)
                count = i + 1;
        }
        return count;
    }

    /// <summary>Whether the first of <paramref name="rows"/> is text where the columns below it are typed, so that nothing but names can be meant.</summary>
    public static bool IsCertain(List<string[]> rows, int width)
    {
        if (rows.Count < 2 || rows[0].Length != width)
            return false;
        var typed = TypedColumns(rows, width);
        return Array.Exists(typed, t => t) && IsHeader(rows, typed) && !Array.Exists(rows[0], f => ShapeOf(f).IsTyped());
    }

    /// <summary>Whether a row may name columns by itself: text, no name twice.</summary>
    public static bool MayName(string[] row)
    {
        var names = row.Where(f => f.Length > 0).ToList();
        return names.Distinct(StringComparer.Ordinal).Count() == names.Count && !names.Exists(n => ShapeOf(n).IsTyped());
    }

    // The second row names what the first one leaves open: the parts of a name that stands over several columns.
    private static bool NamesSpans(string[] above, string[] below)
    {
        if (above.Length != below.Length || !MayName(below))
            return false;
        int parts = 0, whole = 0;
        for (var column = 0; column < above.Length; column++)
        {
            var open = above[column].Length == 0;
            var starts = !open && column + 1 < above.Length && above[column + 1].Length == 0;
            if (below[column].Length > 0 ? !open && !starts : open)
                return false;
            parts += open ? 1 : 0;
            whole += below[column].Length == 0 ? 1 : 0;
        }
        return parts > 0 && whole > 0;
    }

    private static bool IsHeader(List<string[]> rows, bool[] typedColumns)
    {
        var first = rows[0];
        int text = 0, typed = 0, typedAnywhere = 0;
        for (var column = 0; column < first.Length; column++)
        {
            var shape = ShapeOf(first[column]);
            typedAnywhere += shape.IsTyped() ? 1 : 0;
            if (column >= typedColumns.Length || !typedColumns[column])
                continue;
            text += shape == CellShape.Text ? 1 : 0;
            typed += shape.IsTyped() ? 1 : 0;
        }
        if (text > typed)
            return true;
        if (typedAnywhere > 0)
            return NamesYears(rows);
        return typed + text == 0 && NamesText(rows);
    }

    // All columns are text: a name does not come up again, neither beside itself nor below.
    private static bool NamesText(List<string[]> rows)
    {
        var first = rows[0];
        if (first.Distinct(StringComparer.Ordinal).Count() < first.Length && Array.TrueForAll(first, f => f.Length > 0))
            return false;
        for (var column = 0; column < first.Length; column++)
        {
            if (first[column].Length > 0 && rows.Skip(1).Any(r => column < r.Length && r[column] == first[column] && r.Length == first.Length && !r.AsSpan().SequenceEqual(first)))
                return false;
        }
        return true;
    }

    private static bool HasValue(string[] row, bool[] typedColumns) =>
        row.Take(typedColumns.Length).Where((field, column) => typedColumns[column] && ShapeOf(field).IsTyped()).Any();

    private static bool NamesMost(string[] row, bool[] typedColumns)
    {
        var shapes = row.Take(typedColumns.Length).Where((_, column) => typedColumns[column]).Select(ShapeOf).ToList();
        return shapes.Count > 1 && shapes.Count(s => s == CellShape.Text) * 2 > shapes.Count;
    }

    // Years side by side over other values: the header of a table that was turned.
    private static bool NamesYears(List<string[]> rows)
    {
        var years = rows[0].Where(f => ShapeOf(f).IsTyped()).ToList();
        return years.Count > 1 && years.TrueForAll(IsYear) && years.Distinct().Count() == years.Count
            && rows.Count > 1 && !rows.Skip(1).Any(r => r.Any(IsYear));
    }

    private static bool IsYear(string text) => text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 1799 and < 2200;

    // Columns whose values are nearly all typed; judged by the rows that no header reaches, when there are enough.
    private static bool[] TypedColumns(List<string[]> rows, int width)
    {
        var typed = new bool[Math.Min(width, MostColumns)];
        var from = rows.Count > 2 * MostRows ? MostRows : 1;
        for (var column = 0; column < typed.Length; column++)
        {
            int values = 0, fitting = 0;
            for (var i = from; i < rows.Count; i++)
            {
                if (column >= rows[i].Length || rows[i].Length * 2 <= width)
                    continue;
                var shape = ShapeOf(rows[i][column]);
                if (shape is CellShape.Empty or CellShape.Missing)
                    continue;
                values++;
                fitting += shape.IsTyped() ? 1 : 0;
            }
            // With a handful of rows, one of them may be a second row of names.
            typed[column] = fitting > 0 && (fitting * 10 >= values * 9 || (rows.Count <= 2 * MostRows && fitting * 2 >= values));
        }
        return typed;
    }

    private static CellShape ShapeOf(string text) => CellShapes.Of(Encoding.UTF8.GetBytes(text));
}
