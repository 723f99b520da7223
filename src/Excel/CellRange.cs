using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Excel;

/// <summary>A rectangle of cells, all bounds included. Rows are counted from 1 as Excel does, columns from 0.</summary>
internal readonly partial record struct CellRange(long FirstRow, long LastRow, int FirstColumn, int LastColumn)
{
    /// <summary>Rows of a sheet, and columns (https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3).</summary>
    public const int MostRows = 1_048_576, MostColumns = 16_384;

    /// <summary>A whole sheet.</summary>
    public static CellRange All { get; } = new(1, MostRows, 0, MostColumns - 1);

    [GeneratedRegex("^([A-Za-z]{1,3})?([0-9]{1,7})?:([A-Za-z]{1,3})?([0-9]{1,7})?$")]
    private static partial Regex Written { get; }

    /// <summary>Reads a range such as <c>B3:H</c>; what is left out has no bound.</summary>
    public static bool TryParse(string text, out CellRange range)
    {
        range = All;
        var match = Written.Match(text.Replace("$", "", StringComparison.Ordinal));
        if (!match.Success || text.Trim() == ":") return false;
        range = new CellRange(Row(match.Groups[2], 1), Row(match.Groups[4], MostRows), Column(match.Groups[1], 0), Column(match.Groups[3], MostColumns - 1));
        return range is { FirstRow: >= 1, LastRow: <= MostRows, LastColumn: < MostColumns } && range.FirstRow <= range.LastRow && range.FirstColumn <= range.LastColumn;
    }

    /// <summary>Whether a cell is in it.</summary>
    public bool Contains(long row, int column) => row >= FirstRow && row <= LastRow && column >= FirstColumn && column <= LastColumn;

    /// <summary>The letters of a column, as Excel calls it.</summary>
    public static string Letters(int column)
    {
        var letters = "";
        for (var left = column + 1; left > 0; left = (left - 1) / 26) letters = (char)('A' + (left - 1) % 26) + letters;
        return letters;
    }

    /// <summary>The column that letters call, or one that no sheet has; -1 for none.</summary>
    public static int ColumnOf(ReadOnlySpan<char> letters)
    {
        var column = 0;
        foreach (var letter in letters)
        {
            if (!char.IsAsciiLetter(letter)) return -1;
            if (column > MostColumns) return MostColumns;
            column = column * 26 + (char.ToUpperInvariant(letter) - 'A' + 1);
        }

        return column - 1;
    }

    private static long Row(Group group, long otherwise) => group.Success ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : otherwise;

    private static int Column(Group group, int otherwise) => group.Success ? ColumnOf(group.ValueSpan) : otherwise;
}
