using System.Globalization;
using System.Text;
using CsCheck;
using DuckDB.NET.Data;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests;

/// <summary>Generated dialects and typed values, against what DuckDB reads from the same file.</summary>
public sealed class DuckDbDifferentialTests : IDisposable
{
    private static readonly Gen<string> Field = Gen.OneOf(
        Gen.Const(""),
        AnyOf.These("a", "b c", "é", "日本", "\"", "'", ",", "\n", "x", ";", "\t", "|", "😀", "7").Array[0, 6].Select(parts => string.Concat(parts)));

    private static readonly Gen<(string[][] Rows, char Delimiter, char Quote, string End, bool QuoteAll, bool Last)> Tables = Gen.Select(
        Gen.Int[2, 6].SelectMany(width => Field.Array[width].Array[1, 30]), AnyOf.These(',', ';', '\t', '|'), AnyOf.These('"', '\''), AnyOf.These("\n", "\r\n"), Gen.Bool, Gen.Bool);

    private static readonly Gen<string[]> TypedRows = Gen.Select(
        Gen.OneOf(Gen.Long, AnyOf.These(long.MinValue, long.MaxValue, 0L)).Select(i => i.ToString(CultureInfo.InvariantCulture)),
        Gen.Long[-99_999_999_999_999, 99_999_999_999_999].Select(i => (i / 1e6m).ToString(CultureInfo.InvariantCulture)),
        Gen.OneOf(Gen.Double, AnyOf.These(double.MaxValue, double.Epsilon, -0.0, 1e22)).Where(double.IsFinite).Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Bool.Select(b => b ? "true" : "false"),
        Gen.Int[0, 3_652_058].Select(d => DateOnly.FromDayNumber(d).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        Gen.Long[0, 253_402_300_799_999_999].Select(us => DateTime.UnixEpoch.AddTicks(us * 10).ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        (a, b, c, d, e, f) => new[] { a, b, c, d, e, f });

    private readonly DuckDBConnection connection = new("DataSource=:memory:");
    private readonly string file = Path.GetTempFileName();

    public DuckDbDifferentialTests() => connection.Open();

    public void Dispose()
    {
        connection.Dispose();
        File.Delete(file);
    }

    // One connection and one file, so one at a time.
    [Fact]
    public Task TextAndMissingValuesAreWhatDuckDbReads() => Tables.SampleAsync(async table =>
    {
        var (rows, delimiter, quote, end, quoteAll, last) = table;
        var names = rows[0].Select((_, i) => "c" + i.ToString(CultureInfo.InvariantCulture)).ToArray();
        var lines = rows.Select(r => string.Join(delimiter, r.Select((f, i) => Write(f, delimiter, quote, quoteAll || i == 0))));
        var text = string.Join(end, [string.Join(delimiter, names), .. lines]) + (last ? end : "");
        var options = new CsvOptions { Delimiter = delimiter.ToString(), Quote = quote.ToString(), Escape = quote.ToString(), Header = true, SkipLines = 0, Encoding = "utf-8" };
        var parsed = await Csv.ParseAsync(text, Csv.Schema([.. names.Select(n => (n, ColumnType.String))]), options);
        Assert.Empty(parsed.Rejects);
        var quoted = quote == '\'' ? "''" : "\"";
        Assert.Equal(
            Query(text, $"delim='{delimiter}', quote='{quoted}', escape='{quoted}', allow_quoted_nulls=false, columns={{{string.Join(", ", names.Select(n => $"'{n}': 'VARCHAR'"))}}}", "*"),
            parsed.Rows.Select(r => r.ToArray()));
    }, iter: 200, threads: 1);

    [Fact]
    public Task TypedValuesAreWhatDuckDbReads() => TypedRows.Array[1, 50].SampleAsync(async rows =>
    {
        var text = "i,n,d,b,day,at\n" + string.Concat(rows.Select(r => string.Join(',', r) + "\n"));
        var schema = Csv.Schema(("i", ColumnType.Int64), ("n", ColumnType.Numeric), ("d", ColumnType.Float64), ("b", ColumnType.Bool), ("day", ColumnType.Date), ("at", ColumnType.DateTime));
        var parsed = await Csv.ParseAsync(text, schema, new CsvOptions { Delimiter = ",", Header = true, SkipLines = 0 });
        Assert.Empty(parsed.Rejects);
        var expected = Query(
            text, "columns={'i': 'BIGINT', 'n': 'DECIMAL(38,9)', 'd': 'DOUBLE', 'b': 'BOOLEAN', 'day': 'DATE', 'at': 'TIMESTAMP'}, delim=','",
            "i::VARCHAR, rtrim(rtrim(n::VARCHAR, '0'), '.'), d, b::VARCHAR, strftime(day, '%Y-%m-%d'), strftime(\"at\", '%Y-%m-%dT%H:%M:%S.%f')");
        Assert.Equal(expected, parsed.Rows.Select(r => r.ToArray()));
    }, iter: 100, threads: 1);

    private List<string?[]> Query(string text, string options, string select)
    {
        File.WriteAllText(file, text, new UTF8Encoding(false));
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {select} FROM read_csv('{file}', auto_detect=false, header=true, {options})";
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i) is double d ? d.ToString("R", CultureInfo.InvariantCulture) : reader.GetString(i))]);
        return rows;
    }

    // The first field is always quoted: a line of empty fields alone is read as a line, not passed over.
    private static string Write(string field, char delimiter, char quote, bool always) =>
        always || field.AsSpan().IndexOfAny("\r\n") >= 0 || field.Contains(quote, StringComparison.Ordinal) || field.Contains(delimiter, StringComparison.Ordinal)
            ? $"{quote}{field.Replace(quote.ToString(), new string(quote, 2), StringComparison.Ordinal)}{quote}"
            : field;
}
