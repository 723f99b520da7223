namespace Etl.Csv.Reading;

/// <summary>Makes one name for each column of a header's rows.</summary>
internal static class HeaderNames
{
    /// <summary>The names of several rows, joined with a space. In a row above the last, a name stands for the columns right of it that have none: a cell that was merged over them.</summary>
    public static string[] Join(IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 1)
            return rows[0];
        var names = new string[rows.Max(r => r.Length)];
        Array.Fill(names, "");
        for (var i = 0; i < rows.Count; i++)
        {
            var above = "";
            for (var column = 0; column < names.Length; column++)
            {
                var name = column < rows[i].Length ? rows[i][column].Trim() : "";
                if (name.Length > 0)
                    above = name;
                else if (i + 1 < rows.Count)
                    name = above;
                if (name.Length > 0)
                    names[column] = names[column].Length == 0 ? name : names[column] + " " + name;
            }
        }
        return names;
    }

    /// <summary>The names fitted to the width of the rows below: empty names that are one too many are dropped, and columns beyond the header get none.</summary>
    /// <param name="names">The header.</param>
    /// <param name="width">How many fields most rows have; 0 when it is not known.</param>
    public static string[] Fit(string[] names, int width)
    {
        if (width == 0 || names.Length == width)
            return names;
        if (names.Length < width)
            return [.. names, .. Enumerable.Repeat("", width - names.Length)];
        var surplus = names.Length - width;
        var empty = names.Count(n => n.Length == 0);
        return empty == surplus ? [.. names.Where(n => n.Length > 0)] : names;
    }
}
