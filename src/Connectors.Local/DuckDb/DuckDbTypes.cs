using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>Column types and SQL text of DuckDB (https://duckdb.org/docs/stable/sql/data_types/overview).</summary>
internal static class DuckDbTypes
{
    /// <summary>DuckDB's decimals end at 38 digits, so BIGNUMERIC is kept as text: every digit, and a cast away from arithmetic.</summary>
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Int64 => "BIGINT",
        ColumnType.Float64 => "DOUBLE",
        ColumnType.Numeric => "DECIMAL(38,9)",
        ColumnType.BigNumeric => "VARCHAR",
        ColumnType.Bool => "BOOLEAN",
        ColumnType.Date => "DATE",
        ColumnType.DateTime => "TIMESTAMP",
        ColumnType.Timestamp => "TIMESTAMP WITH TIME ZONE",
        ColumnType.Time => "TIME",
        ColumnType.String => "VARCHAR",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such column type."),
    };

    /// <summary>A column as the planner sees it. DuckDB can give a column any type; it is asked for what BigQuery can do, so that a pipeline ends in the same columns in both. BIGNUMERIC is a text like any other.</summary>
    public static TargetColumn Column(string name, string type, bool required)
    {
        var types = Enum.GetValues<ColumnType>().Where(t => Of(t) == type).OrderByDescending(t => t == ColumnType.String).ToList();
        IReadOnlyList<ColumnType> wider = type switch
        {
            "TINYINT" or "SMALLINT" or "INTEGER" => [ColumnType.Int64, ColumnType.Numeric, ColumnType.Float64],
            "BIGINT" => [ColumnType.Numeric, ColumnType.Float64],
            "DECIMAL(38,9)" => [ColumnType.Float64],
            _ => [],
        };
        return new TargetColumn(name, type, types, wider, required);
    }

    public static string Name(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>The table function that reads the run's staged files.</summary>
    public static string Read(RunManifest run, IEnumerable<StagedFile> files)
    {
        // Brackets and the like in a path would be read as a pattern; DuckDB takes [x] for the character itself.
        var list = string.Join(", ", files.Select(f => Literal(Escape(new Uri(f.Uri).LocalPath))));
        var columns = string.Join(", ", run.Schema.Columns.Select(c => $"{Literal(c.Name)}: {Literal(Of(c.Type))}"));
        return run.Encoding.Format switch
        {
            StagingFormat.Parquet => $"read_parquet([{list}])",
            StagingFormat.Csv => $"read_csv([{list}], header=true, delim=',', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, auto_detect=false, columns={{{columns}}})",
            StagingFormat.Ndjson => $"read_json([{list}], format='newline_delimited', auto_detect=false, columns={{{columns}}})",
            _ => throw new ArgumentOutOfRangeException(nameof(run), run.Encoding.Format, "DuckDB loads parquet, csv and ndjson."),
        };
    }

    private static string Escape(string path) =>
        string.Concat(path.Select(c => c is '*' or '?' or '[' ? $"[{c}]" : c.ToString()));
}
