using System.Text;
using CsCheck;
using Sylvan.Data.Csv;

namespace Etl.Csv.Tests;

/// <summary>Generated CSV, against what was generated and against Sylvan's reading of it.</summary>
public sealed class DifferentialTests
{
    private static readonly Gen<string> Field = Gen.OneOf(
        Gen.Const(""),
        Gen.Int.Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        AnyOf.These("a", "b c", "é", "日本", "\"", "\"\"", ",", "\n", "\r\n", "\r", " x ", ";", "\t", "x,\"y\"\nz", "😀").Array[0, 6].Select(parts => string.Concat(parts)));

    private static readonly Gen<(string[][] Rows, string End, bool Last, char Delimiter, bool QuoteAll)> Tables = Gen.Select(
        Gen.Int[2, 6].SelectMany(width => Field.Array[width].Array[1, 40]),
        AnyOf.These("\n", "\r\n", "\r"),
        Gen.Bool,
        AnyOf.These(',', ';', '\t', '|'),
        Gen.Bool);

    [Fact]
    public Task FieldsAreWhatWasWrittenAndWhatSylvanReads() => Tables.SampleAsync(async table =>
    {
        var (rows, end, last, delimiter, quoteAll) = table;
        var text = new StringBuilder();
        text.AppendJoin(delimiter, rows[0].Select((_, i) => "c" + i)).Append(end);
        for (var i = 0; i < rows.Length; i++)
            text.AppendJoin(delimiter, rows[i].Select(f => Write(f, delimiter, quoteAll))).Append(i + 1 < rows.Length || last ? end : "");
        var schema = Csv.Schema([.. rows[0].Select((_, i) => ("c" + i, Core.Schemas.ColumnType.String))]);
        var parsed = await Csv.ParseAsync(text.ToString(), schema, new CsvOptions { Delimiter = delimiter.ToString(), Header = true, SkipLines = 0, Quote = "\"", Escape = "\"" });
        Assert.Empty(parsed.Rejects);
        Assert.Equal(rows, parsed.Rows.Select(r => r.Select(v => v ?? "").ToArray()));
        Assert.Equal(Sylvan(text.ToString(), delimiter), parsed.Rows.Select(r => r.Select(v => v ?? "").ToArray()));
    }, iter: 2_000);

    [Fact]
    public Task TextThatIsNoCsvNeverLosesARow() => AnyOf.These("a", "\"", ",", "\n", "\r", "é", "1", " ", "\"\"", "\",").Array[0, 80].SampleAsync(async parts =>
    {
        // That rows read are rows kept and rejected is asserted where the parser runs.
        var text = "a,b,c\n" + string.Concat(parts);
        var schema = Csv.Schema(("a", Core.Schemas.ColumnType.String), ("b", Core.Schemas.ColumnType.Int64), ("c", Core.Schemas.ColumnType.String));
        var options = new CsvOptions { Delimiter = ",", Header = true, SkipLines = 0, Quote = "\"", Escape = "\"", Encoding = "utf-8" };
        var whole = await Csv.ParseAsync(text, schema, options);
        var bytes = Encoding.UTF8.GetBytes(text);
        foreach (var reject in whole.Rejects)
            Assert.StartsWith(reject.Row, Encoding.UTF8.GetString(bytes.AsSpan((int)reject.ByteOffset)), StringComparison.Ordinal);
    }, iter: 5_000);

    private static string Write(string field, char delimiter, bool quoteAll) =>
        quoteAll || field.AsSpan().IndexOfAny("\"\r\n") >= 0 || field.Contains(delimiter, StringComparison.Ordinal) || field.Length == 0
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;

    private static List<string[]> Sylvan(string text, char delimiter)
    {
        using var reader = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { Delimiter = delimiter, HasHeaders = true, BufferSize = 1 << 16 });
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }
}
