using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Files that change from day to day, under each contract, with real processes: day 1 has three columns, day 2 a fourth in another order, day 3 decimals where whole numbers were, day 4 lacks a column, day 5 has a text where numbers were.</summary>
public sealed class SchemaChangeTests : CloudTests
{
    private static readonly string[] Days =
    [
        "id,amount,note\n1,10,a\n2,20,b\n",
        "NOTE,Extra,Amount,ID\nc,x,30,3\nd,,40,4\n",
        "id,amount,note\n5,50.5,e\n6,60,f\n",
        "id,amount\n7,70\n",
        "id,amount,note\n8,unknown,h\n9,90,i\n",
    ];

    [Theory]
    [InlineData("parquet")]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task WithEvolveTheTableFollowsTheData(string format)
    {
        WritePipeline("{}", format);
        var outputs = new List<string>();
        for (var day = 0; day < Days.Length; day++) outputs.Add((await DayAsync(day)).Output);

        Assert.Contains("Extra │ added, STRING", Squeezed(outputs[1]), StringComparison.Ordinal);
        Assert.Contains("amount │ INT64 becomes NUMERIC", Squeezed(outputs[2]), StringComparison.Ordinal);
        Assert.Contains("note │ STRING, not in the data", Squeezed(outputs[3]), StringComparison.Ordinal);
        Assert.Contains("amount__v2 │ added, STRING: has the values of amount from now on", Squeezed(outputs[4]), StringComparison.Ordinal);
        Assert.Equal(
            "1 10 a NULL NULL, 2 20 b NULL NULL, 3 30 c x NULL, 4 40 d NULL NULL, 5 50.5 e NULL NULL, 6 60 f NULL NULL, 7 70 NULL NULL NULL, 8 NULL h NULL unknown, 9 NULL i NULL 90",
            await RowsAsync("id, amount, note, Extra, amount__v2"));

        Workspace.Write("data/acme/in/day-6.csv", "id,amount,other\n10,100,x\n");
        var plan = JsonNode.Parse((await Workspace.SucceedAsync("plan", "p.yaml", "--json")).Output)!["differences"]![0]!;
        Assert.Equal(("proj-ect.drift.t", false), ((string?)plan["table"], (bool)plan["new"]!));
        Assert.Equal(["other added", "note missing", "Extra missing"], plan["columns"]!.AsArray().Select(c => $"{c!["name"]} {c["kind"]}"));

        var state = JsonNode.Parse((await Workspace.SucceedAsync("state", "show", "p.yaml", "--json")).Output)!["schema_changes"]!.AsArray();
        Assert.Equal(["new", "added", "widened", "versioned"], state.Select(c => (bool)c!["new"]! ? "new" : (string?)c["columns"]![0]!["kind"]));
        Assert.Contains("amount: INT64 becomes NUMERIC", Squeezed((await Workspace.SucceedAsync("state", "show", "p.yaml")).Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithFreezeADifferenceFailsBeforeAnythingIsLoaded()
    {
        WritePipeline("{ contract: freeze }");
        await DayAsync(0);
        foreach (var (day, says) in new[] { (1, "Extra, STRING, is not in"), (2, "amount is INT64 in proj-ect.drift.t and NUMERIC in the data"), (4, "amount is INT64 in proj-ect.drift.t and STRING in the data") })
        {
            Workspace.Write("data/acme/in/day.csv", Days[day]);
            var run = await Workspace.EtlAsync("run", "p.yaml");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(says, Words(run.Error), StringComparison.Ordinal);
            Assert.DoesNotContain("unknown", run.Error, StringComparison.Ordinal);
        }

        File.Delete(Workspace.PathOf("data", "acme", "in", "day.csv"));
        await DayAsync(3);
        Assert.Equal("1 10 a, 2 20 b, 7 70 NULL", await RowsAsync("id, amount, note"));
    }

    [Fact]
    public async Task WithDiscardColumnTheTableStaysAndNewColumnsAreLeftOut()
    {
        WritePipeline("{ contract: discard_column, rejects: { max: 50% } }");
        var outputs = new List<string>();
        for (var day = 0; day < Days.Length; day++) outputs.Add((await DayAsync(day)).Output);

        Assert.Contains("discarded 1 values of Extra", Squeezed(outputs[1]), StringComparison.Ordinal);
        Assert.Contains("2 read = 1 loaded + 1 rejected", outputs[2], StringComparison.Ordinal);
        Assert.Equal("1 10 a, 2 20 b, 3 30 c, 4 40 d, 6 60 f, 7 70 NULL, 9 90 i", await RowsAsync("id, amount, note"));
    }

    [Fact]
    public async Task WithDiscardRowARowThatDoesNotFitIsADeadLetter()
    {
        WritePipeline("{ contract: discard_row, rejects: { max: 50% } }");
        for (var day = 0; day < Days.Length; day++) await DayAsync(day);

        Assert.Equal("1 10 a, 2 20 b, 4 40 d, 6 60 f, 7 70 NULL, 9 90 i", await RowsAsync("id, amount, note"));
    }

    [Fact]
    public async Task TwoTablesAndDuckDbChangeAlike()
    {
        Workspace.Write("p.yaml", """
            name: drift
            source: { file: { path: data/acme/in } }
            transforms: [ csv ]
            sinks:
              - file: { path: staged }
              - duckdb: { database: a.duckdb, table: t }
              - duckdb: { database: b.duckdb, table: t }
            """);
        for (var day = 0; day < Days.Length; day++) await DayAsync(day);

        foreach (var database in (string[])["a.duckdb", "b.duckdb"])
            Assert.Equal(
                "1 10.0 a - -, 2 20.0 b - -, 3 30.0 c x -, 4 40.0 d - -, 5 50.5 e - -, 6 60.0 f - -, 7 70.0 - - -, 8 - h - unknown, 9 - i - 90",
                DuckFile.Ask("SELECT string_agg(concat_ws(' ', id, coalesce(amount::DOUBLE::VARCHAR, '-'), coalesce(note, '-'), coalesce(\"Extra\", '-'), coalesce(amount__v2, '-')), ', ' ORDER BY id) FROM t", Workspace.PathOf(database)));
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Words(string text) => Squeezed(text);

    private Task<Finished> DayAsync(int day)
    {
        Workspace.Write($"data/acme/in/day-{day + 1}.csv", Days[day]);
        return Workspace.SucceedAsync("run", "p.yaml");
    }

    private async Task<string> RowsAsync(string columns)
    {
        var list = string.Join(", ' ', ", columns.Split(", ").Select(c => $"COALESCE(CAST({c} AS STRING), 'NULL')"));
        var query = await Workspace.SucceedAsync("query", $"SELECT CONCAT({list}) AS r FROM `proj-ect.drift.t` ORDER BY id");
        // BigQuery writes a NUMERIC without the zeros after its last digit.
        return Regex.Replace(string.Join(", ", query.Output.Split('\n').Select(l => l.Trim(' ', '│', '\r')).Where(l => l.Length > 0 && char.IsAsciiDigit(l[0]) && l.Contains(' ', StringComparison.Ordinal) && !l.EndsWith("row", StringComparison.Ordinal) && !l.EndsWith("rows", StringComparison.Ordinal))), @"\.(\d*?)0*(?=[ ,]|$)", m => m.Groups[1].Length == 0 ? "" : "." + m.Groups[1]);
    }

    private void WritePipeline(string csv, string format = "parquet") => Workspace.Write("p.yaml", $$"""
        name: drift
        google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv: {{csv}} ]
        sinks:
          - gcs: { bucket: drift-staging, format: {{format}} }
          - bigquery: { project: proj-ect, dataset: drift, table: t }
        """);
}
