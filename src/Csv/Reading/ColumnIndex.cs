using Etl.Core.Schemas;

namespace Etl.Csv.Reading;

/// <summary>Finds the schema's column for each name of a header: by its place where the schema states one, by the column's name in the source, else by its own. Names ignore case.</summary>
internal sealed class ColumnIndex
{
    private const int Several = -2;
    private readonly IReadOnlyList<string> header;
    private readonly string[] legal;
    private readonly Dictionary<string, int> names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> sources = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, int> positions = [];
    private readonly Dictionary<string, int> times = new(StringComparer.OrdinalIgnoreCase);

    public ColumnIndex(IReadOnlyList<string> header, TableSchema schema)
    {
        this.header = header;
        legal = ColumnNames.Legal(header);
        for (var i = 0; i < schema.Columns.Count; i++)
        {
            if (schema.Columns[i].SourcePosition is { } position)
                positions.TryAdd(position - 1, i);
            names.TryAdd(schema.Columns[i].Name, i);
            if (schema.Columns[i].SourceName is { } source && !sources.TryAdd(source, i))
                sources[source] = Several;
        }
        foreach (var name in header)
            times[name.Trim()] = times.GetValueOrDefault(name.Trim()) + 1;
    }

    /// <summary>The legal name of a field.</summary>
    public string LegalName(int field) => legal[field];

    /// <summary>The column of a field, or -1.</summary>
    public int Of(int field)
    {
        if (positions.TryGetValue(field, out var placed))
            return placed;
        // A header that stands twice says too little: the numbered legal names tell those columns apart.
        var source = header[field].Trim();
        if (times[source] == 1 && sources.TryGetValue(source, out var column) && column != Several)
            return column;
        return names.TryGetValue(legal[field], out column) ? column : -1;
    }
}
