using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>Transforms in a pipeline, by a real process: what they change is what the table holds, and the counts still add up.</summary>
public sealed class TransformTests : CloudTests
{
    public TransformTests()
    {
        Workspace.Write("p.yaml", """
            name: shop
            source:
              s3: { bucket: acme, prefix: in/ }
            transforms:
              - csv: { schema: infer }
              - filter: { where: "status <> 'test' AND qty > 0" }
              - derive: { columns: { total: "qty * price", day: "CAST(ordered_at AS DATE)" } }
              - mask: { columns: [email], with: sha256, salt: "${SALT}" }
              - sql: { query: "SELECT * EXCLUDE (status), upper(left(email, 4)) AS start FROM input" }
            sinks:
              - gcs: { bucket: staging }
              - bigquery: { project: acme-analytics, dataset: d, table: t }
            """);
        Workspace.Write("data/acme/in/a.csv", "id,ordered_at,qty,price,status,email\n1,2026-11-25T10:00:00Z,2,1.25,paid,ann@example.com\n2,2026-11-25T11:00:00Z,0,9.99,paid,bob@example.com\n3,2026-11-25T12:00:00Z,4,2.5,test,cid@example.com\n4,2026-11-25T12:00:00Z,4,2.5,sent,\n");
    }

    [Fact]
    public async Task WhatTheyChangeIsWhatTheTableHolds()
    {
        Workspace.Environment["SALT"] = "a salt of enough characters";

        var run = await Workspace.EtlAsync("run", "p.yaml");
        var rows = await Workspace.EtlAsync("query", "SELECT id, total, day, LENGTH(email) AS digits, start FROM `acme-analytics.d.t` ORDER BY id", "--project", "acme-analytics");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("4 read = 2 loaded + 0 rejected + 2 filtered", run.Output, StringComparison.Ordinal);
        Assert.Contains("2.5", rows.Output, StringComparison.Ordinal);
        Assert.Contains("64", rows.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("salt of", run.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongExpressionIsFoundBeforeAnythingIsStaged()
    {
        Workspace.Environment["SALT"] = "a salt of enough characters";
        Workspace.Write("p.yaml", File.ReadAllText(Workspace.PathOf("p.yaml")).Replace("qty * price", "qty * prize", StringComparison.Ordinal));

        var run = await Workspace.EtlAsync("run", "p.yaml");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("price", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("stage", run.Error, StringComparison.Ordinal);
    }
}
