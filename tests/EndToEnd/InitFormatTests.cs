using System.IO.Compression;
using System.Text;
using Etl.Excel.Tests;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>From a sample of each format to a pipeline that runs.</summary>
public sealed class InitFormatTests : IDisposable
{
    private static readonly string[] Answers = ["--name", "members", "--staging", "acme-staging", "--project", "acme", "--dataset", "d", "--local", "--data", "data"];
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("ndjson", "ndjson")]
    [InlineData("ndjson.gz", "ndjson")]
    [InlineData("parquet", "parquet")]
    [InlineData("xlsx", "excel")]
    public async Task ThePipelineIsValidRunsAndHidesWhatIsPersonal(string ending, string parser)
    {
        WriteMembers($"data/crm/in/members.{ending}");

        await workspace.SucceedAsync(["init", "--from", $"s3://crm/in/members.{ending}", "--partition", "joined_on", .. Answers]);
        var yaml = await File.ReadAllTextAsync(workspace.PathOf("members.yaml"), TestContext.Current.CancellationToken);
        await RunAsync();

        Assert.Contains($"  - {parser}:\n", yaml, StringComparison.Ordinal);
        Assert.Contains($"pattern: \"*.{ending}\"", yaml, StringComparison.Ordinal);
        Assert.Contains("columns: [email], with: sha256", yaml, StringComparison.Ordinal);
        Assert.Contains("columns: [card], with: redact", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("user1@", yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ndjson", "        - { name: the_note, type: STRING, source: \"the note\" }\n")]
    [InlineData("parquet", "        - \"the note\"\n")]
    [InlineData("xlsx", "      sheet: Members\n      schema: declared\n")]
    public async Task WhatInferPrintsCanBePutInItsPlace(string ending, string line)
    {
        WriteMembers($"data/crm/in/members.{ending}");
        await workspace.SucceedAsync(["init", "--from", $"s3://crm/in/members.{ending}", .. Answers]);

        var block = (await workspace.SucceedAsync("infer", $"data/crm/in/members.{ending}", "--yaml")).Output;
        var yaml = await File.ReadAllTextAsync(workspace.PathOf("members.yaml"), TestContext.Current.CancellationToken);
        workspace.Write("members.yaml", yaml[..(yaml.IndexOf("transforms:\n", StringComparison.Ordinal) + 12)] + block + yaml[yaml.IndexOf("  # A hash", StringComparison.Ordinal)..]);
        await RunAsync();

        Assert.Contains(line, block, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheCellsThatAreAskedForAreTheOnesThePipelineReads()
    {
        WriteMembers("data/crm/in/members.xlsx");
        string[] cells = ["--sheet", "Totals", "--range", "B2:C4", "--null", "n/a"];

        await workspace.SucceedAsync(["init", "--from", "s3://crm/in/members.xlsx", .. Answers, .. cells]);
        var yaml = await File.ReadAllTextAsync(workspace.PathOf("members.yaml"), TestContext.Current.CancellationToken);
        var block = (await workspace.SucceedAsync(["infer", "data/crm/in/members.xlsx", "--yaml", .. cells])).Output;
        var run = await workspace.SucceedAsync("run", "members.yaml", "--local", "--data", "data");
        var rows = await workspace.SucceedAsync("query", "SELECT SUM(n) AS n, COUNT(n) AS c, COUNT(*) AS r FROM `acme.d.members`", "--local");

        foreach (var text in new[] { yaml, block }) Assert.Contains("  - excel:\n      sheet: Totals\n      range: \"B2:C4\"\n      null: [\"n/a\"]\n", text, StringComparison.Ordinal);
        Assert.Contains("        - { name: n, type: INT64 }\n", block, StringComparison.Ordinal);
        Assert.Contains("2 read = 2 loaded", run.Output, StringComparison.Ordinal);
        Assert.Matches("7 │ +1 │ +2", rows.Output);
    }

    [Fact]
    public async Task HowACsvFileIsSaidToBeWrittenStandsInThePipeline()
    {
        workspace.Write("data/crm/in/members.csv", "made by hand\n1;NA\n2;x\n");
        string[] dialect = ["--skip-lines", "1", "--no-header", "--null", "NA"];

        await workspace.SucceedAsync(["init", "--from", "s3://crm/in/members.csv", .. Answers, .. dialect]);
        var block = (await workspace.SucceedAsync(["infer", "data/crm/in/members.csv", "--yaml", .. dialect])).Output;
        await workspace.SucceedAsync("run", "members.yaml", "--local", "--data", "data");
        var rows = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(column_2) AS c FROM `acme.d.members`", "--local");

        Assert.Contains("      header: false\n      skip_lines: 1\n      null: [NA]\n", block, StringComparison.Ordinal);
        Assert.Matches("2 │ +1 ", rows.Output);
    }

    private async Task RunAsync()
    {
        await workspace.SucceedAsync("validate", "members.yaml");
        var plan = await workspace.SucceedAsync("plan", "members.yaml", "--local", "--data", "data");
        var run = await workspace.SucceedAsync("run", "members.yaml", "--local", "--data", "data");
        var rows = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(card) AS cards, MAX(LENGTH(email)) AS email, MAX(joined_on) AS joined, SUM(amount) AS amount FROM `acme.d.members`", "--local");

        Assert.Contains("Nothing was changed.", plan.Output, StringComparison.Ordinal);
        Assert.Contains("20 read = 20 loaded", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"20 │ +0 │ +64 │ 2026-11-20 │ +220(\.0)? ", rows.Output);
    }

    private void WriteMembers(string path)
    {
        if (path.Contains("ndjson", StringComparison.Ordinal))
        {
            var lines = string.Concat(Enumerable.Range(1, 20).Select(i => $$"""{"id":{{i}},"email":"user{{i}}@example.com","joined_on":"2026-11-{{i:D2}}","amount":{{i}}.5,"card":4111111111111111,"the note":null}""" + "\n"));
            if (!path.EndsWith(".gz", StringComparison.Ordinal)) workspace.Write(path, lines);
            else
            {
                using var gzip = new GZipStream(File.Create(workspace.Write(path, [])), CompressionLevel.Fastest);
                gzip.Write(Encoding.UTF8.GetBytes(lines));
            }
        }
        else if (path.EndsWith(".xlsx", StringComparison.Ordinal))
        {
            var book = new BookWriter();
            book.Sheet("Members").Row([.. new[] { "id", "email", "joined on", "amount", "card", "the note" }.Select(book.Text)]);
            for (var i = 1; i <= 20; i++)
                book.Row(book.Number($"{i}"), book.Text($"user{i}@example.com"), book.Number($"{46326 + i}", "yyyy-mm-dd"), book.Number($"{i}.5"), book.Text("4111111111111111"));
            book.Sheet("Totals").Row(book.Text("title")).Row(null, book.Text("what"), book.Text("n")).Row(null, book.Text("all"), book.Number("7")).Row(null, book.Text("none"), book.Text("n/a")).Row(null, book.Text("below"), book.Number("9"));
            workspace.Write(path, book.ToArray());
        }
        else
        {
            workspace.Write(path, []);
            DuckFile.Ask($"COPY (SELECT i AS id, concat('user', i, '@example.com') AS email, DATE '2026-10-31' + i::INTEGER AS joined_on, (i + 0.5)::DECIMAL(9, 2) AS amount, 4111111111111111 AS card, 'x' AS \"the note\" FROM range(1, 21) r(i)) TO '{workspace.PathOf(path)}' (FORMAT parquet)");
        }
    }
}
