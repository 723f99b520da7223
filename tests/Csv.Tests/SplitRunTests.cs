using System.Text;
using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>A run that reads objects in parts gives the rows, dead letters and counts of one that does not.</summary>
public sealed class SplitRunTests
{
    [Theory]
    [InlineData(700)]
    [InlineData(4_096)]
    [InlineData(20_011)]
    public async Task ARunInPartsIsTheSameAsOneWithout(int splitBytes)
    {
        var text = new StringBuilder("id,name,qty\r\n");
        for (var i = 0; i < 4_000; i++)
            text.Append(i).Append(i % 7 == 0 ? ",\"two\r\nlines, \"\"quoted\"\"\"," : i % 11 == 0 ? ",緑茶," : i % 97 == 0 ? ",plain,3,4,5," : ",plain,").Append(i % 53 == 0 ? "many" : i % 10).Append(i % 101 == 0 ? "\n" : "\r\n");
        var options = new CsvOptions { Schema = CsvSchemaMode.Infer, Columns = [new CsvColumnOptions { Name = "qty", Type = ColumnType.Int64 }] };

        var whole = await RunAsync(text.ToString(), options, null);
        var parts = await RunAsync(text.ToString(), options, splitBytes);

        Assert.True(parts.Splits > 2 && whole.Rows.Count > 3_000 && whole.DeadLetters.Count > 70);
        Assert.Equal(whole.Rows, parts.Rows);
        Assert.Equal(whole.DeadLetters, parts.DeadLetters);
        Assert.Equal(whole.Counts, parts.Counts);
    }

    [Fact]
    public async Task ARunThatIsMisledEverywhereEndsWithExactRowsAndNoReject()
    {
        // All of it is a few quoted fields whose lines look like rows, of another width and of other types.
        var text = new StringBuilder("id,note\n1,\"");
        for (var i = 0; i < 3_000; i++)
            text.Append("\nx").Append(i).Append(i % 1_000 == 999 ? $"\"\n{i},\"" : ",y");
        text.Append("\"\n");

        var parts = await RunAsync(text.ToString(), new CsvOptions { Rejects = new RejectOptions() }, 1_000, rejects: "0");

        Assert.True(parts.Splits > 10);
        Assert.Equal((await RunAsync(text.ToString(), new CsvOptions(), null)).Rows, parts.Rows);
        Assert.Equal(new RowCounts(4, 4, 0, 0), parts.Counts);
    }

    [Fact]
    public async Task RowsFarBehindTheHeaderOfAnotherTableAreRejectedInEveryPart()
    {
        var text = new StringBuilder("id,name,price\n");
        for (var i = 0; i < 600; i++)
            text.Append(i is 100 ? "id,name,colour" : i is 400 ? "id,name,price" : $"{i},n,2").Append('\n');

        var whole = await RunAsync(text.ToString(), new CsvOptions(), null);
        var parts = await RunAsync(text.ToString(), new CsvOptions(), 700);

        Assert.True(parts.Splits > 5);
        Assert.Equal(300, whole.DeadLetters.Count);
        Assert.Equal(whole.DeadLetters, parts.DeadLetters);
        Assert.Equal(whole.Rows, parts.Rows);
    }

    private static async Task<Outcome> RunAsync(string text, CsvOptions options, int? splitBytes, string rejects = "100%")
    {
        var pipeline = new PipelineBuilder { Parser = new CsvParser(options), Encoder = new RowEncoder(), Rejects = RejectLimit.Parse(rejects, null) };
        pipeline.Source.Put("a.csv", text);
        pipeline.SplitBytes = splitBytes ?? pipeline.SplitBytes;
        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);
        var letters = summary.Receipts.SelectMany(r => r.DeadLetters).SelectMany(uri => pipeline.State.Text(uri["memory://".Length..]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonDocument.Parse(line).RootElement).Select(l => $"{l.GetProperty("line")} {l.GetProperty("byteOffset")} {l.GetProperty("row")} {l.GetProperty("reason")}");
        Assert.Equal(summary.Rows.Read, pipeline.Progress.RowsRead);
        Assert.Equal(summary.Rows.Rejected, pipeline.Progress.RowsRejected);
        return new Outcome([.. pipeline.Load.Rows], [.. letters], summary.Rows, summary.Run!.Splits.Count);
    }

    private sealed record Outcome(List<string> Rows, List<string> DeadLetters, RowCounts Counts, int Splits);
}
