using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Bad data that never reaches the table: what the pipeline file asserts is asked of the staged rows before they are loaded.</summary>
public sealed class AssertionTests : CloudTests
{
    private const string Passing = "{ rows: { min: 1, max: 10 }, not_null: [id, Amount], unique: [[id], [amount, note]], accepted_values: { note: [a, \"it's\"], amount: [10, 20, \"30.0\"] }, sql: [ { name: no large amounts, query: \"SELECT * FROM staged WHERE amount > 100; \" } ] }";
    public AssertionTests() => Workspace.Write("data/acme/in/1.csv", "id,amount,note,seen\n1,10,a,2024-01-31 10:00:00\n2,20,it's,2024-02-29 11:30:00\n");

    [Theory]
    [InlineData("format: parquet")]
    [InlineData("format: csv")]
    [InlineData("format: csv, compression: none")]
    [InlineData("format: ndjson")]
    [InlineData("format: passthrough")]
    public async Task WhatIsTrueOfTheStagedRowsIsLoaded(string staging)
    {
        WritePipeline(Passing.Replace("sql: [ ", "sql: [ { name: no other year, query: SELECT * FROM staged WHERE EXTRACT(YEAR FROM seen) <> 2024 }, ", StringComparison.Ordinal), staging);

        var run = await Workspace.SucceedAsync("run", "p.yaml");

        Assert.Contains("9 assertions hold", run.Output, StringComparison.Ordinal);
        Assert.Matches("2 │", (await CountAsync()).Output);
    }

    [Fact]
    public async Task EveryAssertionThatIsNotTrueIsNamedWithHowManyRowsAndNoValue()
    {
        Workspace.Write("data/acme/in/2.csv", "id,amount,note,seen\n1,10,a,2024-01-31 10:00:00\n,999,secret,2024-01-31 10:00:00\n");
        WritePipeline("{ rows: { max: 3 }, not_null: [id], unique: [[id]], accepted_values: { note: [a, \"it's\"] }, sql: [ { name: no large amounts, query: SELECT * FROM staged WHERE amount > 100 } ] }");

        var run = await Workspace.EtlAsync("run", "p.yaml");

        Assert.Equal(1, run.ExitCode);
        var error = string.Join(' ', run.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var says in (string[])["rows: 4 rows, and at most 3 may be", "not_null id: 1 row without a value", "unique id: 2 rows with values that others have too", "accepted_values note: 1 row with a value that is not among the 2 accepted", "no large amounts: the query returns 1 row"])
            Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await CountAsync()).ExitCode);
    }

    [Fact]
    public async Task AfterTheFileIsMendedTheNextRunBeginsAnewAndLoadsOnce()
    {
        WritePipeline("{ rows: { min: 3 } }");
        Assert.Equal(1, (await Workspace.EtlAsync("run", "p.yaml")).ExitCode);
        var again = await Workspace.EtlAsync("run", "p.yaml");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("at least 3 must be", again.Error, StringComparison.Ordinal);

        WritePipeline("{ rows: { min: 2 } }");
        var run = await Workspace.SucceedAsync("run", "p.yaml");

        Assert.Contains("is abandoned, because the pipeline file changed since", string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Matches("2 │", (await CountAsync()).Output);
    }

    [Fact]
    public async Task AQueryThatDependsOnAnotherTableIsAskedAnewByTheNextRun()
    {
        Workspace.Write("codes.yaml", """
            name: codes
            google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
            source: { s3: { bucket: acme, prefix: codes/ } }
            transforms: [ csv: { header: true, columns: [ { name: note, type: STRING } ] } ]
            sinks:
              - gcs: { bucket: checked-staging, prefix: codes/ }
              - bigquery: { project: proj-ect, dataset: checked, table: codes }
            """);
        Workspace.Write("data/acme/codes/1.csv", "note\na\n");
        await Workspace.SucceedAsync("run", "codes.yaml");
        WritePipeline("{ sql: [ { name: known notes, query: SELECT * FROM staged WHERE note NOT IN (SELECT note FROM `proj-ect.checked.codes`) } ] }");
        Assert.Equal(1, (await Workspace.EtlAsync("run", "p.yaml")).ExitCode);

        Workspace.Write("data/acme/codes/2.csv", "note\nit's\n");
        await Workspace.SucceedAsync("run", "codes.yaml");

        await Workspace.SucceedAsync("run", "p.yaml");
        Assert.Matches("2 │", (await CountAsync()).Output);
    }

    [Fact]
    public async Task ARunWithoutRowsIsAssertedToo()
    {
        Workspace.Write("data/acme/in/1.csv", "id,amount,note,seen\nx,10,a,2024-01-31 10:00:00\n");
        const string csv = "{ rejects: { max: 100% }, schema: infer, columns: [ { name: id, type: INT64 } ] }";
        WritePipeline("{ not_null: [id], unique: [[id]], sql: [ { name: some rows, query: \"SELECT 1 FROM staged HAVING COUNT(*) = 0\" } ] }", csv: csv);
        var run = await Workspace.EtlAsync("run", "p.yaml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("some rows: the query returns 1 row", run.Error, StringComparison.Ordinal);

        WritePipeline("{ not_null: [id], unique: [[id]] }", csv: csv);
        Assert.Contains("2 assertions hold", (await Workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongQueryIsNamedAndNothingIsLoaded()
    {
        WritePipeline("{ sql: [ { name: typo, query: SELECT nothing_like_it FROM staged } ] }");

        var run = await Workspace.EtlAsync("run", "p.yaml");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("assert: sql: typo:", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await CountAsync()).ExitCode);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("csv")]
    [InlineData("ndjson")]
    public async Task DuckDbAssertsTheSame(string format)
    {
        Workspace.Write("p.yaml", $$"""
            name: checked
            source: { file: { path: data/acme/in } }
            transforms: [ csv ]
            assert: {{Passing}}
            sinks:
              - file: { path: staged, format: {{format}} }
              - duckdb: { database: a.duckdb, table: t }
            """);
        Assert.Contains("8 assertions hold", (await Workspace.SucceedAsync("run", "p.yaml")).Output, StringComparison.Ordinal);

        Workspace.Write("data/acme/in/2.csv", "id,amount,note,seen\n3,30,secret,2024-01-31 10:00:00\n");
        var run = await Workspace.EtlAsync("run", "p.yaml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("accepted_values note: 1 row", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeAssertedIsRefusedBeforeAnythingIsRead()
    {
        Workspace.Write("p.yaml", """
            name: checked
            source: { file: { path: data/acme/in } }
            transforms: [ csv ]
            assert: { not_null: [id], rows: { min: 5, max: 2 } }
            sinks: [ file: { path: staged } ]
            """);
        var validate = await Workspace.EtlAsync("validate", "p.yaml");
        Assert.Equal(2, validate.ExitCode);
        Assert.Contains("p.yaml:4:9: assert needs a load sink that can query the staged rows before they are loaded: bigquery or duckdb", validate.Error, StringComparison.Ordinal);
        Assert.Contains("min is more than max", validate.Error, StringComparison.Ordinal);

        WritePipeline("{ not_null: [amont] }");
        var run = await Workspace.EtlAsync("run", "p.yaml");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("not_null names the column amont, which the run does not have. Did you mean amount", string.Join(' ', run.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private Task<Finished> CountAsync() => Workspace.EtlAsync("query", "SELECT COUNT(*) AS n FROM `proj-ect.checked.t`");

    private void WritePipeline(string assert, string staging = "format: parquet", string csv = "{}") => Workspace.Write("p.yaml", $$"""
        name: checked
        google: { credentials: "${GOOGLE_WIF_CONFIG:-wif.json}" }
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv: {{csv}} ]
        assert: {{assert}}
        sinks:
          - gcs: { bucket: checked-staging, {{staging}} }
          - bigquery: { project: proj-ect, dataset: checked, table: t }
        """);
}
