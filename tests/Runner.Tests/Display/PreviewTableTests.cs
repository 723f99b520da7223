using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Formats.Text;
using Etl.Runner.Display;
using Spectre.Console;
using Xunit;

namespace Etl.Runner.Tests.Display;

public sealed class PreviewTableTests
{
    private static readonly TableSchema Schema = new([
        new Column("id", ColumnType.Int64), new Column("at", ColumnType.Timestamp), new Column("product", ColumnType.String), new Column("note", ColumnType.String)]);

    private const string Text = "id,at,product,note\n1,2024-01-31T09:30:00Z,緑茶 500ml,\ntwelve,2024-01-31T09:30:00Z,茶,\n3,2024-01-31T09:30:00Z,\"two\nlines\",\"\"\n";

    [Fact]
    public async Task TypedValuesMissingOnesAndTextStandApart()
    {
        var lines = await LinesAsync(120);
        Assert.Contains(lines, l => l.Contains(" 1 │ 2024-01-31 09:30:00+00:00 │ 緑茶 500ml │ NULL ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains(" 3 │ 2024-01-31 09:30:00+00:00 │ two␊lines  │ \"\" ", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains(" INT64 │ TIMESTAMP ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARowThatDoesNotFitIsMarkedWithItsLineAndReason()
    {
        var lines = await LinesAsync(120);
        Assert.Contains(lines, l => l.Contains("│ ✗ line 3 │", StringComparison.Ordinal) && l.Contains("twelve", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("✗ line 3: id: expected INT64", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(80)]
    [InlineData(160)]
    public async Task EveryColumnIsShownWithinTheWidth(int width)
    {
        var lines = await LinesAsync(width);
        Assert.All(lines.Where(l => l.Length > 0 && l[0] is '│' or '╭' or '╰'), l => Assert.True(CellText.Width(l) <= width, l));
        Assert.All(Schema.Columns, c => Assert.Contains(lines, l => l.Contains($" {c.Name} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ColumnsBeyondTheLastTableAreNamed()
    {
        var schema = new TableSchema([.. Enumerable.Range(0, 300).Select(i => new Column($"column_{i}", ColumnType.Int64))]);
        var text = string.Join(',', schema.Columns.Select(c => c.Name)) + "\n" + string.Join(',', Enumerable.Range(0, 300)) + "\n";
        var lines = await LinesAsync(80, schema, text);
        Assert.Contains(lines, l => l.Contains("more columns: column_", StringComparison.Ordinal));
    }

    private static async Task<string[]> LinesAsync(int width, TableSchema? schema = null, string text = Text)
    {
        var (rows, rejects) = (new List<string?[]>(), new Marked());
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var input = new SplitInput(new SourceObject("file:///a.csv", "1", content.Length, DateTimeOffset.UnixEpoch), null, content, new ParseTally());
        await foreach (var batch in new CsvParser(new CsvOptions()).ParseAsync(input, schema ?? Schema, rejects, TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length; row++)
                    rows.Add([.. batch.Arrays.Select(column => ValueText.Format(column, row))]);
            }
        }

        await using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        new PreviewTable(new PreviewedRows(input.Object, null, schema ?? Schema, rows, rejects.Rows, rejects.Rows.Count, All: true), width).Write(console);
        return writer.ToString().Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
    }

    private sealed class Marked : IDeadLetters
    {
        public List<Reject> Rows { get; } = [];

        public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
        {
            Rows.Add(reject);
            return ValueTask.CompletedTask;
        }
    }
}
