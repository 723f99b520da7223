using System.Text.Json;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>The HTML report, as a person opens it.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Hostile = "<img src=x onerror=\"window.injected=1\">";
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheReportOpensCleanInLightAndDarkOnPhoneAndDesktop()
    {
        workspace.CopyPipelines();
        var run = await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");
        File.Copy(workspace.PathOf("pipelines/data/acme-exports/orders/2026-11/01-tokyo.csv"), workspace.PathOf("pipelines/data/acme-exports/orders/2026-11/06-again.csv"));
        await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local", "--report", "second.html");

        var first = await OpenAsync(Directory.GetFiles(workspace.PathOf(".etl/reports"), "orders-*.html").Order(StringComparer.Ordinal).First(f => run.Output.Contains(Path.GetFileName(f), StringComparison.Ordinal)));
        AssertClean(first);
        var text = first[0].GetProperty("text").GetString()!;
        foreach (var part in new[] { "1,101 rows read = 1,098 loaded + 3 rejected + 0 filtered", "customer_id", "every value is a number with a leading zero", "qty expected INT64", "line 43", "saved", "shift_jis", "There is no earlier run" })
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain("twelve", text, StringComparison.Ordinal);
        var second = await OpenAsync(workspace.PathOf("second.html"));
        Assert.Contains("against the mean of 1", second[0].GetProperty("text").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatNamesBringAlongStaysText()
    {
        workspace.Write("p.yaml", Pipeline("in/", "  - filter: { where: \"true\" }\n"));
        var key = $"in/</script><script>window.injected=1</script>{Hostile.Replace("/", "", StringComparison.Ordinal)}.csv";
        workspace.Write($"data/acme/{key}", $"id,</script><script>window.injected=1</script>,{Quoted(Hostile)}\n1,a,b\nx,{Quoted(Hostile)},</script>\n2,{Quoted(Hostile)},</script>\n");
        await workspace.SucceedAsync("run", "p.yaml", "--local", "--report", "r.html");

        var views = await OpenAsync(workspace.PathOf("r.html"));

        AssertClean(views);
        Assert.All(views, v => Assert.Equal((0, 2), (v.GetProperty("images").GetInt32(), v.GetProperty("scripts").GetInt32())));
        var text = views[0].GetProperty("text").GetString()!;
        Assert.Contains(Hostile, text, StringComparison.Ordinal);
        Assert.Contains("</script><script>window.injected=1</script>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", await File.ReadAllTextAsync(workspace.PathOf("r.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaskedValuesAreNotInItAndNoneAreWhenThePipelineSaysSo()
    {
        workspace.Write("data/acme/in/a.csv", "id,email,city\n1,ann@example.com,Kobe-7\n2,bob@example.com,Kobe-8\nx,eve@example.com,Kobe-9\n");
        workspace.Write("masked.yaml", Pipeline("in/", "  - mask: { columns: [email], with: sha256 }\n  - derive: { columns: { mail: \"email || '!'\" } }\n"));
        await workspace.SucceedAsync("run", "masked.yaml", "--local", "--report", "masked.html");
        workspace.Write("silent.yaml", "report: { values: false }\n" + Pipeline("in/", "").Replace("name: shop", "name: silent", StringComparison.Ordinal).Replace("table: t", "table: s", StringComparison.Ordinal));
        await workspace.SucceedAsync("run", "silent.yaml", "--local", "--report", "silent.html");

        var masked = await File.ReadAllTextAsync(workspace.PathOf("masked.html"));
        Assert.Contains("Kobe-7", masked, StringComparison.Ordinal);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("ann@example.com"u8));
        foreach (var secret in new[] { "@example", hash[..12], "Kobe-9" }) Assert.DoesNotContain(secret, masked, StringComparison.Ordinal);
        Assert.DoesNotContain("Kobe", await File.ReadAllTextAsync(workspace.PathOf("silent.html")), StringComparison.Ordinal);
        foreach (var receipt in Directory.EnumerateFiles(workspace.PathOf(".etl"), "*", SearchOption.AllDirectories).Where(f => File.ReadAllText(f).Contains("\"silent\"", StringComparison.Ordinal) && f.Contains("receipts", StringComparison.Ordinal)))
            Assert.DoesNotContain("Kobe", await File.ReadAllTextAsync(receipt), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatFailsHasAReportOfWhy()
    {
        workspace.Write("p.yaml", Pipeline("in/", "").Replace("max: 90%", "max: 1%", StringComparison.Ordinal));
        workspace.Write("data/acme/in/a.csv", "id,city\n1,Kobe\ntwo,Nara\n3,Ube\n");

        var run = await workspace.EtlAsync("run", "p.yaml", "--local", "--report", "failed.html");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("failed.html", run.Error, StringComparison.Ordinal);
        var views = await OpenAsync(workspace.PathOf("failed.html"));
        AssertClean(views);
        var text = views[0].GetProperty("text").GetString()!;
        foreach (var part in new[] { "failed", "rejects.max", "3 rows read = 2 staged + 1 rejected", "id expected INT64" }) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEarlierRunsReportIsMadeAfterwards()
    {
        workspace.Write("p.yaml", Pipeline("in/", ""));
        workspace.Write("data/acme/in/a.csv", "id,city\n1,Kobe\n2,Nara\n");
        Assert.Contains("has no run yet", (await workspace.EtlAsync("report", "p.yaml", "--local")).Error, StringComparison.Ordinal);
        await workspace.SucceedAsync("run", "p.yaml", "--local");
        workspace.Write("data/acme/in/b.csv", "id,city\n3,Kobe\n");
        await workspace.SucceedAsync("run", "p.yaml", "--local");

        var last = JsonDocument.Parse((await workspace.SucceedAsync("report", "p.yaml", "--local", "--json")).Output).RootElement;
        var before = last.GetProperty("history")[1].GetProperty("run").GetString()!;
        var made = await workspace.SucceedAsync("report", "p.yaml", before, "--local", "-o", "out/before.html");
        var unknown = await workspace.EtlAsync("report", "p.yaml", "0123456789abcdef0123", "--local");

        Assert.Equal(1, last.GetProperty("rows").GetProperty("read").GetInt32());
        Assert.Contains(Path.Combine("out", "before.html"), made.Output, StringComparison.Ordinal);
        Assert.Contains(before, await File.ReadAllTextAsync(workspace.PathOf("out/before.html")), StringComparison.Ordinal);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("etl state show", unknown.Sentence, StringComparison.Ordinal);
        Assert.Contains(Directory.EnumerateFiles(workspace.PathOf(".etl/local-cloud"), "*", SearchOption.AllDirectories), f => File.ReadAllText(f).StartsWith("<!doctype html>", StringComparison.Ordinal));
    }

    private static string Pipeline(string prefix, string transforms) => $$"""
        name: shop
        source:
          s3: { bucket: acme, prefix: "{{prefix}}" }
        transforms:
          - csv: { schema: infer, columns: [{ name: id, type: INT64 }], rejects: { max: 90% } }
        {{transforms}}sinks:
          - gcs: { bucket: staging }
          - bigquery: { project: acme-analytics, dataset: d, table: t }

        """;

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<IReadOnlyList<JsonElement>> OpenAsync(string file)
    {
        var chromium = OutsideProgram.Require("chromium");
        OutsideProgram.RequireFile(Repository.PathOf("tests", "Acceptance", "clients", "node_modules", "playwright-core"), "run npm ci in tests/Acceptance/clients");
        workspace.Environment["CHROMIUM"] = chromium;
        var opened = await workspace.RunAsync(OutsideProgram.Require("node"), Repository.PathOf("tests", "Acceptance", "clients", "page.mjs"), new Uri(file).AbsoluteUri);
        Assert.True(opened.ExitCode == 0, opened.ToString());
        return [.. JsonDocument.Parse(opened.Output).RootElement.EnumerateArray()];
    }

    private static void AssertClean(IReadOnlyList<JsonElement> views)
    {
        Assert.Equal(4, views.Count);
        foreach (var view in views)
        {
            foreach (var empty in new[] { "errors", "requests", "dialogs", "faint", "unreached" })
                Assert.True(view.GetProperty(empty).GetArrayLength() == 0, $"{empty} at {view.GetProperty("width")} px, {view.GetProperty("colorScheme")}: {view.GetProperty(empty)}");
            Assert.False(view.GetProperty("sideways").GetBoolean(), $"scrolls sideways at {view.GetProperty("width")} px");
            Assert.True(view.GetProperty("interactive").GetInt32() > 0 && view.GetProperty("texts").GetInt32() > 50);
            Assert.False(view.GetProperty("injected").GetBoolean());
        }
    }
}
