using System.Text.RegularExpressions;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Write modes as a user sees them: real processes against the local cloud.</summary>
public sealed class WriteModeTests : CloudTests
{
    [Fact]
    public async Task MergeKeepsTheLatestRowOfEachKeyWhateverOrderTheyComeIn()
    {
        Pipeline("write: merge, key: [id], latest_by: ver, hard_delete: { column: op, values: [D] }");
        Workspace.Write("data/acme/in/1.csv", "id,ver,op,note\n1,1,U,a\n2,1,U,b\n1,3,U,newest\n3,1,U,c\n");
        var first = await RunAsync();
        Workspace.Write("data/acme/in/2.csv", "id,ver,op,note\n1,2,U,older\n2,2,U,B\n3,2,D,\n4,1,U,d\n5,1,D,never there\n");
        var second = await RunAsync();

        Assert.Contains("4 read = 4 loaded", first, StringComparison.Ordinal);
        Assert.Contains("3 rows inserted, 0 updated, 0 deleted", first, StringComparison.Ordinal);
        Assert.Contains("5 read = 5 loaded", second, StringComparison.Ordinal);
        Assert.Contains("1 rows inserted, 1 updated, 1 deleted", second, StringComparison.Ordinal);
        Assert.Equal(["1 │ newest", "2 │ B", "4 │ d"], await RowsAsync("SELECT id, note FROM `p-roj.d.t` ORDER BY id"));
        Assert.Contains("nothing new to load", await RunAsync(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Workspace.PathOf(".etl"), "etl_tmp_*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WithoutLatestByAKeyThatComesTwiceFailsTheRunAndSettingItMendsIt()
    {
        Pipeline("write: merge, key: [id]");
        Workspace.Write("data/acme/in/1.csv", "id,ver,op,note\n1,1,U,a\n1,2,U,b\n");

        var failed = await Workspace.EtlAsync("run", "p.yaml");
        Pipeline("write: merge, key: [id], latest_by: ver");
        await RunAsync();

        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("a key comes more than once in this run, and nothing says which row wins: set latest_by", failed.Sentence, StringComparison.Ordinal);
        Assert.Equal(["1 │ b"], await RowsAsync("SELECT id, note FROM `p-roj.d.t`"));
    }

    [Fact]
    public async Task ReplacedPartitionsAreThoseThatCameTheOthersStay()
    {
        Pipeline("write: replace_partitions, partition: { column: day, by: day }", more: "incremental: objects");
        Workspace.Write("data/acme/in/25.csv", "id,day,note\n1,2026-11-25,a\n2,2026-11-25,b\n");
        Workspace.Write("data/acme/in/26.csv", "id,day,note\n3,2026-11-26,c\n4,,unknown\n");
        await RunAsync();
        Workspace.Write("data/acme/in/25.csv", "id,day,note\n9,2026-11-25,anew\n");

        var second = await RunAsync();

        Assert.Contains("1 object changed after the load and loaded again (changed: load)", second, StringComparison.Ordinal);
        Assert.Contains("1 rows inserted, 0 updated, 2 deleted", second, StringComparison.Ordinal);
        Assert.Equal(["3 │ c", "4 │ unknown", "9 │ anew"], await RowsAsync("SELECT id, note FROM `p-roj.d.t` ORDER BY id"));
    }

    [Fact]
    public async Task OnePartitionIsReplacedByItsId()
    {
        Pipeline("write: append, partition: { column: day, by: month }");
        Workspace.Write("data/acme/in/1.csv", "id,day,note\n1,2026-10-25,a\n2,2026-11-25,b\n");
        await RunAsync();
        File.Delete(Workspace.PathOf("data/acme/in/1.csv"));
        Workspace.Write("data/acme/in/2.csv", "id,day,note\n3,2026-11-01,c\n");
        Pipeline("write: replace, partition_id: \"${MONTH:-202611}\", partition: { column: day, by: month }");

        await RunAsync();

        Assert.Equal(["1 │ a", "3 │ c"], await RowsAsync("SELECT id, note FROM `p-roj.d.t` ORDER BY id"));
        Workspace.Write("data/acme/in/2.csv", "id,day,note\n3,2026-11-01,c\n4,2026-12-01,elsewhere\n");
        Assert.Contains("Some rows belong to different partitions", (await Workspace.EtlAsync("run", "p.yaml")).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowsOfAChangedObjectAreReplacedAndEachSaysItsLine()
    {
        Pipeline("write: append", more: "metadata: [object, line, run_id, loaded_at]\nincremental: { changed: replace }");
        Workspace.Write("data/acme/in/1.csv", "id,note\n1,a\n2,\"two\nlines\"\n3,c\n");
        Workspace.Write("data/acme/in/2.csv", "id,note\n4,d\n");
        await RunAsync();
        Assert.Equal(["1 │ s3://acme/in/1.csv │ 2", "2 │ s3://acme/in/1.csv │ 3", "3 │ s3://acme/in/1.csv │ 5", "4 │ s3://acme/in/2.csv │ 2"], await RowsAsync("SELECT id, _etl_object, _etl_line FROM `p-roj.d.t` ORDER BY id"));
        Workspace.Write("data/acme/in/1.csv", "id,note\n1,A\n");

        var second = await RunAsync();

        Assert.Contains("its rows take the place of those of then (changed: replace)", second, StringComparison.Ordinal);
        Assert.Contains("1 rows inserted, 0 updated, 3 deleted", second, StringComparison.Ordinal);
        Assert.Equal(["1 │ A", "4 │ d"], await RowsAsync("SELECT id, note FROM `p-roj.d.t` ORDER BY id"));
        Assert.Equal(["2 │ 2"], await RowsAsync("SELECT COUNT(DISTINCT _etl_run) AS a, COUNT(DISTINCT _etl_loaded_at) AS b FROM `p-roj.d.t`"));
    }

    [Fact]
    public async Task WhatTheTableCannotTellApartIsNotReplaced()
    {
        Pipeline("write: append");
        Workspace.Write("data/acme/in/1.csv", "id,note\n1,a\n");
        await RunAsync();
        Pipeline("write: append", more: "metadata: [object]\nincremental: { changed: replace }");
        Workspace.Write("data/acme/in/1.csv", "id,note\n1,A\n");

        var refused = await Workspace.EtlAsync("run", "p.yaml");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("the table has rows without a value in _etl_object", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal(["1 │ a"], await RowsAsync("SELECT id, note FROM `p-roj.d.t`"));
    }

    [Fact]
    public async Task WhatDoesNotGoTogetherIsRefusedWithItsLine()
    {
        Pipeline("write: merge");
        var key = await Workspace.EtlAsync("validate", "p.yaml");
        Pipeline("write: append", more: "incremental: { changed: replace }");
        var metadata = await Workspace.EtlAsync("validate", "p.yaml");

        Assert.Equal(2, key.ExitCode);
        Assert.Contains("p.yaml:6:", key.Error + key.Output, StringComparison.Ordinal);
        Assert.Contains("write: merge needs key", key.Error + key.Output, StringComparison.Ordinal);
        Assert.Contains("p.yaml:7:14: changed: replace finds the old rows", metadata.Error + metadata.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheMergeExampleUpdatesItsCustomers()
    {
        Workspace.CopyPipelines();
        Directory.Move(Workspace.PathOf("pipelines", "data"), Workspace.PathOf("data"));
        await Workspace.SucceedAsync("run", "pipelines/customers.yaml");
        var before = await RowsAsync("SELECT COUNT(*) AS n, COUNT(DISTINCT customer_id) AS m FROM `acme-analytics.sales.customers`");
        Workspace.Write("data/acme-exports/customers/2026-11-28.csv", "customer_id,name,city,updated_at,deleted\nC-1001,Ito Haruka,Kobe,2026-11-28T09:00:00Z,false\nC-1003,,,2026-11-28T09:00:00Z,true\n");

        var run = await Workspace.SucceedAsync("run", "pipelines/customers.yaml");

        Assert.Equal(["5 │ 5"], before);
        Assert.Contains("0 rows inserted, 1 updated, 1 deleted", run.Output, StringComparison.Ordinal);
        Assert.Equal(["C-1001 │ Kobe"], await RowsAsync("SELECT customer_id, city FROM `acme-analytics.sales.customers` WHERE customer_id IN ('C-1001', 'C-1003')"));
    }

    private void Pipeline(string table, string more = "") => Workspace.Write("p.yaml", $$"""
        name: modes
        source: { s3: { bucket: acme, prefix: in/ } }
        transforms: [ csv ]
        sinks:
          - gcs: { bucket: staging }
          - bigquery: { project: p-roj, dataset: d, table: t, {{table}} }
        """ + "\n" + more);

    private async Task<string> RunAsync() => (await Workspace.SucceedAsync("run", "p.yaml")).Output;

    private async Task<List<string>> RowsAsync(string sql)
    {
        var output = (await Workspace.SucceedAsync("query", sql)).Output;
        // Between the header's rule and the table's end.
        return [.. output.Split('\n').SkipWhile(l => !l.StartsWith('├')).Skip(1).TakeWhile(l => l.StartsWith('│')).Select(l => Regex.Replace(l.Trim().Trim('│').Trim(), " +", " "))];
    }
}
