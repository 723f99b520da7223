namespace Etl.Runner.Testing;

/// <summary>How two lists of lines differ, for a person: what is missing with -, what is too much with +, and a line or two around it.</summary>
internal static class RowDiff
{
    private const int Around = 2;
    private const long MostCells = 4_000_000;

    /// <summary>The lines of the difference; none when there is none.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        if (expected.SequenceEqual(actual, StringComparer.Ordinal)) return [];
        var lines = Lines(expected, actual);
        var shown = new List<string>();
        var last = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!Enumerable.Range(i - Around, (2 * Around) + 1).Any(k => k >= 0 && k < lines.Count && lines[k].Sign != ' ')) continue;
            if (i > last + 1) shown.Add("  …");
            shown.Add($"{lines[i].Sign} {lines[i].Text}");
            last = i;
        }

        if (last < lines.Count - 1) shown.Add("  …");
        return shown;
    }

    private static List<(char Sign, string Text)> Lines(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        // Where the table would be too large, what starts and ends alike is all that is found.
        if ((long)expected.Count * actual.Count > MostCells) return Ends(expected, actual);
        var common = new int[expected.Count + 1, actual.Count + 1];
        for (var a = expected.Count - 1; a >= 0; a--)
            for (var b = actual.Count - 1; b >= 0; b--)
                common[a, b] = expected[a] == actual[b] ? common[a + 1, b + 1] + 1 : Math.Max(common[a + 1, b], common[a, b + 1]);
        var lines = new List<(char, string)>();
        var (i, j) = (0, 0);
        while (i < expected.Count || j < actual.Count)
            if (i < expected.Count && j < actual.Count && expected[i] == actual[j])
            {
                lines.Add((' ', expected[i++]));
                j++;
            }
            else if (i < expected.Count && (j == actual.Count || common[i + 1, j] >= common[i, j + 1])) lines.Add(('-', expected[i++]));
            else lines.Add(('+', actual[j++]));
        return lines;
    }

    private static List<(char Sign, string Text)> Ends(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var shorter = Math.Min(expected.Count, actual.Count);
        var start = 0;
        while (start < shorter && expected[start] == actual[start]) start++;
        var end = 0;
        while (end < shorter - start && expected[^(end + 1)] == actual[^(end + 1)]) end++;
        return
        [
            .. expected.Take(start).Select(l => (' ', l)),
            .. expected.Skip(start).SkipLast(end).Select(l => ('-', l)),
            .. actual.Skip(start).SkipLast(end).Select(l => ('+', l)),
            .. expected.TakeLast(end).Select(l => (' ', l)),
        ];
    }
}
