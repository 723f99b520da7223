using System.Globalization;
using Etl.Bench.Contenders;

namespace Etl.Bench.Comparing;

/// <summary>What a Parquet file holds, whoever wrote it and whatever types it chose: DuckDB reads it.</summary>
internal static class ParquetCheck
{
    /// <summary>Rows, and for each column its values and their sum: of numbers, of lengths of text, of seconds since 1970.</summary>
    public static string Of(string file, Shape shape)
    {
        var columns = ShapeColumns.Of(shape);
        var sums = columns.SelectMany(c => new[] { $"CAST(count({c.Name}) AS DOUBLE)", $"CAST(sum({Sum(c.Name, c.Kind)}) AS DOUBLE)" });
        var row = DuckDbContender.Run($"SELECT CAST(count(*) AS DOUBLE), {string.Join(", ", sums)} FROM read_parquet('{file}')", threads: 2)[0];
        return string.Join(' ', row.Select((value, i) => string.Create(CultureInfo.InvariantCulture, $"{Name(i)}={(double)value!:r}")));

        string Name(int i) => i == 0 ? "rows" : columns[(i - 1) / 2].Name + (i % 2 == 1 ? ".values" : ".sum");
    }

    private static string Sum(string column, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => $"strlen({column})",
        ColumnKind.Day or ColumnKind.Instant => $"epoch(CAST({column} AS TIMESTAMP))",
        _ => $"CAST({column} AS DOUBLE)",
    };
}
