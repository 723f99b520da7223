using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Sql.Tests;

/// <summary>Batches from CSV text, which the engine parses, and their values as text.</summary>
internal static class Batches
{
    public static readonly TableSchema EveryType = new([
        new("i", ColumnType.Int64), new("f", ColumnType.Float64), new("n", ColumnType.Numeric), new("b", ColumnType.BigNumeric), new("t", ColumnType.Bool),
        new("d", ColumnType.Date), new("dt", ColumnType.DateTime), new("ts", ColumnType.Timestamp), new("h", ColumnType.Time), new("s", ColumnType.String)]);

    public static TableSchema Schema(params (string Name, ColumnType Type)[] columns) => new([.. columns.Select(c => new Column(c.Name, c.Type))]);

    public static async Task<RecordBatch> OfAsync(TableSchema schema, string rows)
    {
        var text = Encoding.UTF8.GetBytes(string.Join(',', schema.Columns.Select(c => c.Name)) + "\n" + rows);
        var read = new SourceObject("s3://bucket/a.csv", "1", text.Length, DateTimeOffset.UnixEpoch);
        var parser = new CsvParser(new CsvOptions { Delimiter = ",", Header = true, SkipLines = 0, Quote = "\"", Encoding = "utf-8" });
        var batches = new List<RecordBatch>();
        await foreach (var batch in parser.ParseAsync(new SplitInput(read, null, new MemoryStream(text), new ParseTally()), schema, new NoRejects(), default))
            batches.Add(batch);
        return Assert.Single(batches);
    }

    public static List<string?[]> Rows(RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Length).Select(row => Enumerable.Range(0, batch.ColumnCount).Select(column => Text(batch.Column(column), row)).ToArray())];

    private static string? Text(IArrowArray array, int row) => array.IsNull(row) ? null : array switch
    {
        Int64Array a => Invariant(a.GetValue(row)),
        DoubleArray a => Invariant(a.GetValue(row)),
        Decimal128Array a => a.GetString(row),
        Decimal256Array a => a.GetString(row),
        BooleanArray a => Invariant(a.GetValue(row)),
        Date32Array a => a.GetDateTime(row)!.Value.ToString("yyyy-MM-dd", null),
        TimestampArray a => Invariant(a.GetValue(row)),
        Time64Array a => Invariant(a.GetValue(row)),
        StringArray a => a.GetString(row),
        _ => throw new InvalidOperationException($"No text of {array.GetType()}."),
    };

    private static string Invariant(object? value) => FormattableString.Invariant($"{value}");

    private sealed class NoRejects : IDeadLetters
    {
        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) => throw new InvalidOperationException(reject.Reason);
    }
}
