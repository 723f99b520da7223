using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary><c>etl serve</c> as a process: health for everybody, the rest for who has the token.</summary>
public sealed partial class ServeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Workspace workspace = new();
    private readonly HttpClient http = new();
    private Process? process;
    private string token = "";

    public async ValueTask InitializeAsync()
    {
        workspace.Write("p.yaml", """
            name: shop
            source:
              s3: { bucket: acme, prefix: in/ }
            transforms:
              - csv: { schema: infer, columns: [{ name: id, type: INT64 }], rejects: { max: 90% } }
            sinks:
              - gcs: { bucket: staging }
              - bigquery: { project: acme-analytics, dataset: d, table: t }
            """);
        workspace.Write("data/acme/in/a.csv", "id,name\n1,a\n2,b\nx,c\n");
        process = workspace.StartEtl("serve", "p.yaml", "--local", "--listen", "http://127.0.0.1:0");
        using var patience = new CancellationTokenSource(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
            if (Link().Match(line) is { Success: true } link)
            {
                (http.BaseAddress, token) = (new Uri(link.Groups[1].Value), link.Groups[2].Value);
                return;
            }

        Assert.Fail("etl serve did not say where it listens");
    }

    public async ValueTask DisposeAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        workspace.Dispose();
    }

    [Fact]
    public async Task ARunIsStartedWatchedAndRemembered()
    {
        SignIn();
        Assert.Empty((await GetAsync("/api/pipelines/shop/runs")).EnumerateArray());

        Assert.Equal(HttpStatusCode.Accepted, (await http.PostAsync("/api/pipelines/shop/runs", null)).StatusCode);
        await UntilAsync(async () => (await GetAsync("/api/pipelines/shop")).GetProperty("running").ValueKind == JsonValueKind.Null);

        var run = Assert.Single((await GetAsync("/api/pipelines/shop/runs")).EnumerateArray());
        Assert.Equal((3, 1, 2), (Rows("read"), Rows("rejected"), Rows("loaded")));
        var metrics = await http.GetStringAsync("/metrics");
        Assert.Matches("""etl_rows_total\{[^}]*etl_outcome="loaded"[^}]*\} 2""", metrics.ReplaceLineEndings("\n"));

        int Rows(string kind) => run.GetProperty("rows").GetProperty(kind).GetInt32();
    }

    [Fact]
    public async Task AFailedRunSaysWhy()
    {
        SignIn();
        workspace.Write("data/acme/in/b.csv", [0, 1, 2, 3, 0, 0, 0, 9, 8, 7]);

        await http.PostAsync("/api/pipelines/shop/runs", null);
        await UntilAsync(async () => (await GetAsync("/api/pipelines/shop")).GetProperty("failure").ValueKind == JsonValueKind.String);

        Assert.Contains("b.csv", (await GetAsync("/api/pipelines/shop")).GetProperty("failure").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthIsForEverybodyAndTheRestForWhoHasTheToken()
    {
        Assert.Equal("ok", (await GetAsync("/healthz")).GetProperty("status").GetString());
        Assert.Equal("ready", (await GetAsync("/readyz")).GetProperty("status").GetString());
        Assert.Contains("<title>Etl</title>", await http.GetStringAsync("/"), StringComparison.Ordinal);
        foreach (var path in new[] { "/metrics", "/api/pipelines", "/api/pipelines/shop/runs" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsync("/api/pipelines/shop/runs", null)).StatusCode);

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token[..^1] + "!");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/pipelines")).StatusCode);
        SignIn();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/api/pipelines/shops")).StatusCode);
    }

    [Fact]
    public async Task ElsewhereThanOnLoopbackItWantsATokenOfYours()
    {
        var refused = await workspace.EtlAsync("serve", "p.yaml", "--local", "--listen", "http://0.0.0.0:0");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("ETL_SERVE_TOKEN", refused.Error, StringComparison.Ordinal);
    }

    private void SignIn() => http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

    private async Task<JsonElement> GetAsync(string path) => JsonDocument.Parse(await http.GetStringAsync(path)).RootElement;

    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await done()) await Task.Delay(50, patience.Token);
    }

    [GeneratedRegex("Look at it:  (http://[^#]+/)#token=([0-9a-f]+)")]
    private static partial Regex Link();
}
