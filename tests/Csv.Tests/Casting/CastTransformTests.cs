using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Casting;
using Etl.TestSupport;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Csv.Tests.Casting;

public sealed class CastTransformTests
{
    private static readonly TableSchema Schema = new([new("id", ColumnType.Int64), new("v", ColumnType.String, Nullable: true, "V!"), new("w", ColumnType.String)]);

    [Fact]
    public void ValuesAreReadByTheFormatsOfDeclaredColumns()
    {
        var bound = Bind(("v", new() { Type = ColumnType.Numeric, Decimal = ",", Grouping = ".", Strip = ["€"] }), ("w", new() { Type = ColumnType.Date, Format = "yyyy/MM/dd" }));
        using var batch = bound.Apply(Batch(("1.234,50 €", "2024/01/31"), ("-3", "2024/02/29")));
        Assert.Equal([Schema.Columns[0], new Column("v", ColumnType.Numeric, true, "V!"), new("w", ColumnType.Date)], bound.Output.Columns);
        Assert.Equal(["0|1234.5|2024-01-31", "1|-3|2024-02-29"], batch.Rows());
    }

    [Theory]
    [InlineData(ColumnType.Int64, "7", "7")]
    [InlineData(ColumnType.Float64, "1e3", "1000")]
    [InlineData(ColumnType.BigNumeric, "0.12345678901", "0.12345678901")]
    [InlineData(ColumnType.Bool, "TRUE", "true")]
    [InlineData(ColumnType.DateTime, "2024-01-31 09:30:00", "2024-01-31T09:30:00.000000")]
    [InlineData(ColumnType.Timestamp, "2024-01-31T09:30:00+09:00", "2024-01-31T00:30:00.000000")]
    [InlineData(ColumnType.Time, "09:30", "09:30:00.000000")]
    [InlineData(ColumnType.String, "a", "a")]
    public void TextBecomesEveryType(ColumnType type, string text, string value)
    {
        using var batch = Bind(("v", new() { Type = type })).Apply(Batch((text, "")));
        Assert.Equal([$"0|{value}|"], batch.Rows());
    }

    [Fact]
    public void TimesOfAZoneBecomeInstants()
    {
        using var batch = Bind(("v", new() { Type = ColumnType.Timestamp, Format = "yyyy/MM/dd HH:mm", TimeZone = "Asia/Tokyo" })).Apply(Batch(("2024/01/31 09:30", null)));
        Assert.Equal(["0|2024-01-31T00:30:00.000000|NULL"], batch.Rows());
    }

    [Fact]
    public void EmptyTextAndTheTextsThatSaySoAreMissing()
    {
        var options = new CastOptions { Columns = new Dictionary<string, CastColumnOptions> { ["v"] = new() { Type = ColumnType.Int64, Null = ["n/a"] }, ["w"] = new() { Type = ColumnType.String } }, Null = ["-"] };
        using var batch = new CastTransform(options).Bind(Schema).Apply(Batch((null, "-"), ("", ""), ("  ", "x"), ("-", "n/a"), ("n/a", null)));
        Assert.Equal(["0|NULL|NULL", "1|NULL|", "2|NULL|x", "3|NULL|n/a", "4|NULL|NULL"], batch.Rows());
    }

    [Fact]
    public void WithoutMoreAnInvalidValueFailsAndIsNotTold()
    {
        var error = Assert.Throws<DataException>(() => Bind(("v", new() { Type = ColumnType.Int64 })).Apply(Batch(("1", ""), ("secret", ""))));
        Assert.Contains("memory://a, v: expected INT64 (whole number), found text. Nothing was loaded", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInvalidValueCanBecomeAMissingOneAndItsRowsAreCounted()
    {
        var input = new TransformInput("memory://a");
        var required = new TableSchema([Schema.Columns[0], Schema.Columns[1] with { Nullable = false }, Schema.Columns[2]]);
        var bound = new CastTransform(new CastOptions { Columns = new Dictionary<string, CastColumnOptions> { ["v"] = new() { Type = ColumnType.Int64 }, ["w"] = new() { Type = ColumnType.Date } }, Invalid = InvalidValue.Null }).Bind(required);
        using var batch = bound.Apply(Batch(("1", "2024-01-31"), ("x", "y"), ("2", "z"), ("3", "")), input);
        Assert.Equal(["0|1|2024-01-31", "1|NULL|NULL", "2|2|NULL", "3|3|NULL"], batch.Rows());
        Assert.Equal(2, input.Repairs[CastTransform.InvalidValueKind]);
        Assert.True(bound.Output.Columns[1].Nullable);
    }

    [Fact]
    public void ARejectedRowLeavesAllColumns()
    {
        var input = new TransformInput("memory://a");
        var bound = new CastTransform(new CastOptions { Columns = new Dictionary<string, CastColumnOptions> { ["v"] = new() { Type = ColumnType.Int64 }, ["w"] = new() { Type = ColumnType.Bool } }, Invalid = InvalidValue.Reject }).Bind(Schema);
        using var batch = bound.Apply(Batch(("1", "true"), ("x", "yes"), (null, "false"), ("2", "no")), input);
        Assert.Equal(["0|1|true", "2|NULL|false"], batch.Rows());
        Assert.Equal([("v", "x", "type", """{"id":"1","v":"x","w":"yes"}"""), ("w", "no", "type", """{"id":"3","v":"2","w":"no"}""")], input.Rejects.Select(r => (r.Column!, r.Value, r.Kind, r.Row)));
        Assert.Equal("expected BOOL (true or false), found a word for true or false", input.Rejects[1].Reason);
    }

    [Fact]
    public void AColumnThatMustHaveAValueRejectsRowsWithout()
    {
        var input = new TransformInput("memory://a");
        var required = new TableSchema([Schema.Columns[0], Schema.Columns[1] with { Nullable = false }, Schema.Columns[2]]);
        var bound = new CastTransform(new CastOptions { Columns = new Dictionary<string, CastColumnOptions> { ["v"] = new() { Type = ColumnType.Int64 } }, Invalid = InvalidValue.Reject }).Bind(required);
        using var batch = bound.Apply(Batch(("1", ""), ("", "")), input);
        Assert.False(bound.Output.Columns[1].Nullable);
        Assert.Equal("required", Assert.Single(input.Rejects).Kind);
    }

    [Fact]
    public void AColumnOfTheTypeStaysAndOneOfAnotherTypeIsRefused()
    {
        Assert.Same(Schema.Columns[0], Bind(("id", new() { Type = ColumnType.Int64 })).Output.Columns[0]);
        Assert.Contains("id is INT64, and cast reads text", Assert.Throws<DataException>(() => Bind(("id", new() { Type = ColumnType.Date }))).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean id", Assert.Throws<DataException>(() => Bind(("di", new() { Type = ColumnType.Date }))).Message, StringComparison.Ordinal);
        Assert.Contains("goes with DATE", Assert.Throws<DataException>(() => Bind(("v", new() { Type = ColumnType.Int64, Format = "yyyy" }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LargeBatchesAreReadPieceByPiece()
    {
        var bound = Bind(("v", new() { Type = ColumnType.Int64 }));
        var begun = bound.Begin(new TransformInput("memory://a"));
        foreach (var rows in (int[])[5_000, 1, 2_048, 0])
        {
            using var batch = begun(Batch([.. Enumerable.Range(0, rows).Select(i => ((string?)(i % 7 == 0 ? null : $"{i}"), (string?)"é"))]));
            Assert.Equal(Enumerable.Range(0, rows).Select(i => $"{i}|{(i % 7 == 0 ? "NULL" : i)}|é"), batch.Rows());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(700)]
    public async Task RejectedRowsHaveTheirPlaceAndCountsAddUp(int? splitBytes)
    {
        var pipeline = new PipelineBuilder { Parser = new CsvParser(new CsvOptions { Schema = CsvSchemaMode.Strings }), Encoder = new RowEncoder(), Rejects = RejectLimit.Parse("100%", null) };
        pipeline.Transforms.Add(new CastTransform(new CastOptions { Columns = new Dictionary<string, CastColumnOptions> { ["n"] = new() { Type = ColumnType.Int64 } }, Invalid = InvalidValue.Reject }));
        pipeline.SplitBytes = splitBytes ?? pipeline.SplitBytes;
        string[] lines = ["id,n", .. Enumerable.Range(2, 200).Select(line => line % 9 == 0 ? $"{line},x" : line % 31 == 0 ? $"{line},1,2,3" : $"{line},{line}")];
        pipeline.Source.Put("a.csv", string.Join('\n', lines) + "\n");

        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);

        var bad = Enumerable.Range(2, 200).Where(line => line % 9 == 0 || line % 31 == 0).ToList();
        var letters = summary.Receipts.SelectMany(r => r.DeadLetters).SelectMany(l => pipeline.State.Text(l["memory://".Length..]).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(splitBytes is null, summary.Run!.Splits.Count == 1);
        Assert.Equal((200, 200 - bad.Count, bad.Count, 0), ((int)summary.Rows.Read!, (int)summary.Rows.Staged!, (int)summary.Rows.Rejected!, (int)summary.Rows.Filtered!));
        Assert.Equal(bad, letters.Select(l => l.GetProperty("line").GetInt32()).Order());
        Assert.All(letters, l => Assert.StartsWith($"{l.GetProperty("line").GetInt32()},", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(string.Join('\n', lines))[l.GetProperty("byteOffset").GetInt32()..]), StringComparison.Ordinal));
    }

    private static BoundTransform Bind(params (string Name, CastColumnOptions Column)[] columns) =>
        new CastTransform(new CastOptions { Columns = columns.ToDictionary(c => c.Name, c => c.Column) }).Bind(Schema);

    private static RecordBatch Batch(params (string? V, string? W)[] rows)
    {
        var (ids, v, w) = (new Int64Array.Builder(), new StringArray.Builder(), new StringArray.Builder());
        for (var i = 0; i < rows.Length; i++)
        {
            ids.Append(i);
            v.Append(rows[i].V);
            w.Append(rows[i].W);
        }

        return new RecordBatch(Schema.ToArrow(), [ids.Build(), v.Build(), w.Build()], rows.Length);
    }
}
