using System.Globalization;
using DuckDB.NET.Data;

namespace Etl.Bench.Contenders;

/// <summary>DuckDB with its defaults, but for the number of threads.</summary>
internal static class DuckDbContender
{
    /// <summary>Opens a database; what it gives runs a statement in it and returns the rows.</summary>
    public static Func<string, List<object?[]>> Open(int threads)
    {
        var connection = new DuckDBConnection($"DataSource=:memory:;threads={threads.ToString(CultureInfo.InvariantCulture)}");
        connection.Open();
        return sql => Query(connection, sql);
    }

    /// <summary>Runs <paramref name="sql"/> in a database of its own and gives the rows.</summary>
    public static List<object?[]> Run(string sql, int threads)
    {
        using var connection = new DuckDBConnection($"DataSource=:memory:;threads={threads.ToString(CultureInfo.InvariantCulture)}");
        connection.Open();
        return Query(connection, sql);
    }

    private static List<object?[]> Query(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    /// <summary>Every column of every row, typed: the types are given, so that nothing is sniffed, and an aggregate over each column makes DuckDB parse it.</summary>
    public static Scanned Scan(Func<string, List<object?[]>> query, Shape shape, string file)
    {
        var columns = ShapeColumns.Of(shape);
        // Counting a string column reads it; the longest is asked for so that no plan may skip the text.
        var aggregates = string.Join(", ", columns.Select(c => c.Kind switch
        {
            ColumnKind.Integer or ColumnKind.Decimal => $"CAST(sum({c.Name}) AS DOUBLE)",
            ColumnKind.Day or ColumnKind.Instant => $"CAST(count({c.Name}) AS DOUBLE)",
            _ => $"CAST(sum(strlen({c.Name})) AS DOUBLE)",
        }));
        var row = query($"SELECT count(*), {aggregates} FROM {Typed(shape, file)}")[0];
        var seen = new Scanned { Rows = (long)row[0]! };
        for (var i = 0; i < columns.Count; i++)
        {
            var value = (double)row[i + 1]!;
            switch (columns[i].Kind)
            {
                case ColumnKind.Integer: seen.Integers += (long)value; break;
                case ColumnKind.Decimal: seen.Decimals += value; break;
                case ColumnKind.Day or ColumnKind.Instant: seen.Times += (long)value; break;
                default: seen.TextLength += (long)value; break;
            }
        }

        return seen;
    }

    /// <summary>Dialect and types from DuckDB's sample.</summary>
    public static int Sniff(Func<string, List<object?[]>> query, string file) => query($"DESCRIBE SELECT * FROM read_csv('{file}')").Count;

    /// <summary>A file with its dialect and types given, so that nothing is sniffed.</summary>
    public static string Typed(Shape shape, string file) =>
        $"read_csv('{file}', auto_detect=false, header=true, delim=',', quote='\"', escape='\"', columns={{{string.Join(", ", ShapeColumns.Of(shape).Select(c => $"'{c.Name}': '{TypeOf(c.Kind)}'"))}}})";

    /// <summary>The statement that converts <paramref name="input"/> to Parquet.</summary>
    public static string Copy(string input, string output, string compression) => CopyFrom($"read_csv('{input}')", output, compression);

    /// <summary>The statement that writes a table function's rows as Parquet.</summary>
    public static string CopyFrom(string table, string output, string compression) =>
        $"COPY (SELECT * FROM {table}) TO '{output}' (FORMAT parquet, COMPRESSION {compression})";

    // What its own sniffer makes of these columns.
    private static string TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Integer => "BIGINT",
        ColumnKind.Decimal => "DOUBLE",
        ColumnKind.Day => "DATE",
        ColumnKind.Instant => "TIMESTAMP WITH TIME ZONE",
        _ => "VARCHAR",
    };
}
