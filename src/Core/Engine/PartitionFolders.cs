using System.Globalization;
using System.Text;
using Apache.Arrow;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Core.Transforms;

namespace Etl.Core.Engine;

/// <summary>
/// Which folder each row of a batch belongs to, as Hive names them: <c>country=JP/day=2026-11-01</c>
/// (https://cwiki.apache.org/confluence/display/Hive/LanguageManual+DDL#LanguageManualDDL-PartitionedTables). Used by one thread at a time.
/// </summary>
internal sealed class PartitionFolders
{
    /// <summary>The value of a row without one. Hive and Spark write it for an empty text too.</summary>
    public const string Missing = "__HIVE_DEFAULT_PARTITION__";

    // The characters that Hive's FileUtils.escapePathName escapes besides control characters, and the longest name that file systems take.
    private const string Escaped = "\"#%'*/:=?\\\u007F{[]^";
    private const int MostBytes = 255;
    private readonly (Schemas.Column Column, int Index, Dictionary<string, string> Names)[] by;

    /// <param name="schema">The columns of the batches.</param>
    /// <param name="partitionBy">Those to go by, outermost folder first, as <see cref="Check"/> accepted them.</param>
    public PartitionFolders(TableSchema schema, IReadOnlyList<string> partitionBy)
    {
        by = [.. partitionBy.Select(schema.IndexOf).Select(i => (schema.Columns[i], i, new Dictionary<string, string>(StringComparer.Ordinal)))];
        Kept = [.. Enumerable.Range(0, schema.Columns.Count).Except(by.Select(b => b.Index))];
    }

    /// <summary>The positions of the columns that stay in the files: readers take the others from the folders' names, and refuse a column that is in both.</summary>
    public IReadOnlyList<int> Kept { get; }

    /// <summary>Makes sure that rows of <paramref name="schema"/> can be put into folders.</summary>
    /// <exception cref="DataException">A column is not there or of a type that makes no folder, or none would be left.</exception>
    public static void Check(TableSchema schema, IReadOnlyList<string> partitionBy)
    {
        foreach (var name in partitionBy)
        {
            if (schema.IndexOf(name) is var index && index < 0)
                throw new DataException($"partition_by names the column {name}, and there is none of that name{(NearestNames.Of(name, schema.Columns.Select(c => c.Name)) is { Count: > 0 } near ? $" (perhaps {string.Join(" or ", near)})" : "")}. The columns are {string.Join(", ", schema.Columns.Take(50).Select(c => c.Name))}.");
            if (schema.Columns[index].Type is not (ColumnType.String or ColumnType.Int64 or ColumnType.Bool or ColumnType.Date))
                throw new DataException($"partition_by names {schema.Columns[index].Name}, which is {schema.Columns[index].Type.SqlName()}: folders are made of STRING, INT64, BOOL and DATE. Derive such a column from it, for example `- derive: {{ columns: {{ day: \"CAST({schema.Columns[index].Name} AS DATE)\" }} }}`.");
        }

        if (schema.Columns.Count == partitionBy.Count) throw new DataException("partition_by names every column, and none would be left to write into the files.");
    }

    /// <summary>The folders of a batch's rows with their rows, in order.</summary>
    /// <exception cref="DataException">A value makes no folder.</exception>
    public IEnumerable<KeyValuePair<string, List<int>>> Of(RecordBatch batch)
    {
        var folders = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var row = 0; row < batch.Length; row++)
        {
            var folder = by.Length == 1 ? Name(batch, 0, row) : string.Join('/', Enumerable.Range(0, by.Length).Select(i => Name(batch, i, row)));
            if (!folders.TryGetValue(folder, out var rows)) folders.Add(folder, rows = []);
            rows.Add(row);
        }

        return folders;
    }

    private string Name(RecordBatch batch, int position, int row)
    {
        var (column, index, names) = by[position];
        var value = Text(batch.Column(index), row);
        if (!names.TryGetValue(value, out var name)) names.Add(value, name = Name(column.Name, value));
        return name;
    }

    private static string Name(string column, string value)
    {
        if (value == Missing) throw new DataException($"A row has the text {Missing} in {column}, by which readers of folders know a missing value. Partition by another column, or derive one that has no such text.");
        var name = $"{Escape(column)}={(value.Length == 0 ? Missing : Escape(value))}";
        return Encoding.UTF8.GetByteCount(name) <= MostBytes ? name : throw new DataException($"A row has a text in {column} that is too long for a folder's name ({MostBytes} bytes). Partition by another column, or derive a shorter one.");
    }

    private static string Text(IArrowArray array, int row) => array switch
    {
        StringArray text => text.IsNull(row) ? "" : text.GetString(row),
        Int64Array number => number.GetValue(row)?.ToString(CultureInfo.InvariantCulture) ?? "",
        BooleanArray flag => flag.GetValue(row) switch { true => "true", false => "false", null => "" },
        Date32Array day => day.GetDateOnly(row)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "",
        _ => throw new InvalidOperationException($"{array.Data.DataType.Name} makes no folder."),
    };

    private static string Escape(string text)
    {
        if (!text.Any(IsEscaped)) return text;
        var escaped = new StringBuilder();
        foreach (var c in text) _ = IsEscaped(c) ? escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : escaped.Append(c);
        return escaped.ToString();
    }

    private static bool IsEscaped(char c) => c < ' ' || Escaped.Contains(c, StringComparison.Ordinal);
}
