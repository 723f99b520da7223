using Etl.Core.Schemas;

namespace Etl.FixedWidth;

/// <summary>Where the columns of a schema stand in a record: as they are declared, or, where they were found, from the place that the schema has to the next column's.</summary>
internal static class FixedLayout
{
    /// <summary>The width of a field that goes on to the record's end.</summary>
    public const int ToEnd = int.MaxValue;

    /// <summary>Where declared columns stand, counted from 0.</summary>
    public static IReadOnlyList<(int Start, int Width)> Places(IReadOnlyList<FixedColumnOptions> columns)
    {
        var places = new List<(int, int)>();
        var next = 0;
        foreach (var column in columns)
        {
            var start = column.Start - 1 ?? next;
            places.Add((start, column.Width));
            next = start + column.Width;
        }

        return places;
    }

    /// <summary>Where the columns of <paramref name="schema"/> stand.</summary>
    public static IReadOnlyList<(int Start, int Width)> Of(TableSchema schema, FixedWidthOptions options)
    {
        if (options.Columns is { } declared)
        {
            var places = declared.Zip(Places(declared)).ToDictionary(c => c.First.Name, c => c.Second, StringComparer.OrdinalIgnoreCase);
            return [.. schema.Columns.Select(c => places[c.Name])];
        }

        List<int> starts = [.. schema.Columns.Select(c => c.SourcePosition!.Value - 1).Order()];
        return [.. schema.Columns.Select(c => c.SourcePosition!.Value - 1).Select(start => (start, starts.IndexOf(start) + 1 is var next && next < starts.Count ? starts[next] - start : ToEnd))];
    }

    /// <summary>The columns that the blanks of all <paramref name="records"/> part.</summary>
    /// <param name="records">Records as the units that widths count, of which zero is a blank.</param>
    public static IReadOnlyList<(int Start, int Width)> Find(IEnumerable<IReadOnlyList<bool>> records)
    {
        var used = new List<bool>();
        foreach (var record in records)
            for (var i = 0; i < record.Count; i++)
            {
                if (i == used.Count) used.Add(false);
                used[i] |= record[i];
            }

        List<int> starts = [.. Enumerable.Range(0, used.Count).Where(i => used[i] && (i == 0 || !used[i - 1]))];
        return [.. starts.Select((start, i) => (start, i + 1 < starts.Count ? starts[i + 1] - start : ToEnd))];
    }
}
