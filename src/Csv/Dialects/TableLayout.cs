using Etl.Csv.Reading;

namespace Etl.Csv.Dialects;

/// <summary>Where the table starts in its text: comments and preamble before it, its header, its width.</summary>
internal static class TableLayout
{
    private const int PreambleLimit = 50;
    private const int LongTitle = 24;
    private static readonly string[] Comments = ["#", "//", "--", "%", "!"];

    /// <summary>The dialect with what <paramref name="sampled"/> shows.</summary>
    public static CsvDialect Of(SampledRecords sampled, CsvDialect dialect, CsvOptions options)
    {
        var rows = sampled.Rows;
        var width = sampled.UsualWidth();
        var first = 0;
        var marked = -1;
        if (options.Comment is null or "auto")
        {
            var sign = CommentOf(rows, width);
            marked = options.SkipLines is null && sign is not null ? HeaderInComments(rows, width, sign) : -1;
            dialect = dialect with { Comment = marked < 0 ? sign : null };
        }
        if (options.SkipLines is null && (first = marked < 0 ? Preamble(rows, width, dialect.Comment) : marked) > 0)
            dialect = dialect with { SkipLines = (int)sampled.Lines[first] - 1 };
        var table = first == 0 ? rows : rows.GetRange(first, rows.Count - first);
        if (dialect.Comment is { } comment)
            table = table.FindAll(r => !IsComment(r, comment));
        var header = options.HeaderRows ?? (options.Header is { } stated ? stated ? 1 : 0 : HeaderDetector.Rows(table, width));
        return dialect with { HasHeader = options.Header ?? header > 0, HeaderRows = Math.Max(1, header), Width = header > 0 ? WidthOf(table, header, width) : width };
    }

    // Fields beyond the header that are always empty are no columns: their rows end with a delimiter.
    private static int WidthOf(List<string[]> table, int header, int width)
    {
        var named = table.Count == 0 ? width : 0;
        foreach (var row in table.Take(header))
            named = Math.Max(named, row.Length);
        return named < width && !table.Skip(header).Any(r => r.Skip(named).Any(f => f.Length > 0)) ? named : width;
    }

    // Lines that start alike and do not have the table's fields, while its rows do not start so.
    private static string? CommentOf(List<string[]> rows, int width)
    {
        foreach (var prefix in Comments)
        {
            int comments = 0, others = 0;
            foreach (var row in rows)
            {
                if (!IsComment(row, prefix))
                    continue;
                if (row.Length == width && width > 1)
                    others++;
                else
                    comments++;
            }
            if (comments > others && (comments + others) * 2 < rows.Count && (width > 1 || prefix is "#" or "//"))
                return prefix;
        }
        return null;
    }

    private static bool IsComment(string[] row, string prefix) => row[0].TrimStart().StartsWith(prefix, StringComparison.Ordinal) && (prefix is "#" or "//" || row.Length == 1);

    // How many records stand before the table: titles, notes, empty rows.
    private static int Preamble(List<string[]> rows, int width, string? comment)
    {
        if (width < 2)
            return LeadingComments(rows, comment);
        var usual = UsuallyFilled(rows);
        var first = 0;
        while (first < rows.Count && first <= PreambleLimit && IsPreamble(rows[first], width, usual, comment))
        {
            // A header with a delimiter of its own.
            if (rows[first].Length == 1 && width > 2 && HeaderReader.OfOtherDelimiter(rows[first][0], width) is not null)
                break;
            first++;
        }
        if (first == rows.Count || first > PreambleLimit)
            return LeadingComments(rows, comment);
        first = AfterTitles(rows, first, width);
        // A line with more fields than the table, and then the names.
        while (first + 1 < rows.Count && rows[first].Length > width && HeaderDetector.IsCertain(rows[(first + 1)..], width))
            first++;
        return first;
    }

    // Titles padded with delimiters stand above a row of names. With two columns only an empty row between tells one from a row that lacks a value.
    private static int AfterTitles(List<string[]> rows, int first, int width)
    {
        var (end, parted) = (first, false);
        while (end < rows.Count && end - first <= PreambleLimit && (Filled(rows[end]) == 0 || IsTitle(rows[end])))
        {
            parted |= Filled(rows[end]) == 0;
            end++;
        }
        return end > first && end < rows.Count && Filled(rows[end]) >= Math.Min(3, width) && (width > 2 || parted) && HeaderDetector.MayName(rows[end]) ? end : first;
    }

    private static bool IsTitle(string[] row) =>
        Filled(row) == 1 && (row[0].Length > 0 || Array.Exists(row, f => f.Length >= LongTitle && f.Contains(' ', StringComparison.Ordinal)));

    // The last line that looks like a comment has a field for each column, as no other does: the names. Which row that is, or -1.
    private static int HeaderInComments(List<string[]> rows, int width, string comment)
    {
        var last = rows.FindIndex(r => !IsComment(r, comment)) - 1;
        return width > 2 && last > 0 && !Array.Exists(rows[last], f => f.Length == 0) && HeaderDetector.IsCertain(rows[last..], width)
            && !rows.Take(last).Any(r => r.Length == width) && !rows.Skip(last + 1).Any(r => IsComment(r, comment)) ? last : -1;
    }

    private static int LeadingComments(List<string[]> rows, string? comment)
    {
        var first = 0;
        while (comment is not null && first + 1 < rows.Count && IsComment(rows[first], comment))
            first++;
        return first;
    }

    // A header or a row that lacks a field or two is no preamble; a title is one cell, and a line such as "Author: Ann" two.
    private static bool IsPreamble(string[] row, int width, int usual, string? comment)
    {
        if (row.Length * 2 <= width || (comment is not null && IsComment(row, comment)))
            return true;
        var filled = Filled(row);
        if (filled == 0)
            return true;
        if (filled == 1)
            return width > 2 && usual > 2 && row[0].Length > 0;
        return filled == 2 && width > 4 && usual > 4 && row[0].Length > 0 && row[1].Length > 0;
    }

    // The median.
    private static int UsuallyFilled(List<string[]> rows)
    {
        var filled = new int[rows.Count];
        for (var i = 0; i < filled.Length; i++)
            filled[i] = Filled(rows[i]);
        Array.Sort(filled);
        return filled[filled.Length / 2];
    }

    private static int Filled(string[] row) => row.Count(f => f.Length > 0);
}
