using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>What a run tells machines: JSON lines where logs are collected, spans and metrics to an OTLP collector.</summary>
public sealed class ObservabilityTests : IDisposable
{
    private readonly Workspace workspace = new();

    public ObservabilityTests()
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
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task WhereLogsAreCollectedEveryLineIsAJsonObject()
    {
        workspace.Environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        workspace.Environment["ETL_LOG_FORMAT"] = null;

        var run = await workspace.SucceedAsync("run", "p.yaml", "--local", "--json");

        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Contains(lines, l => l.GetProperty("phase").GetString() == "stage" && l.GetProperty("pipeline").GetString() == "shop" && l.GetProperty("level").GetString() == "information");
        var summary = JsonDocument.Parse(Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal((3, 2, 1, 2), (Rows("read"), Rows("staged"), Rows("rejected"), Rows("loaded")));

        int Rows(string kind) => summary.GetProperty("rows").GetProperty(kind).GetInt32();
    }

    [Fact]
    public async Task TheResultIsJsonForTheAskingOnly()
    {
        workspace.Environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        workspace.Environment["ETL_LOG_FORMAT"] = null;
        Assert.Contains("3 read = 2 loaded + 1 rejected", (await workspace.SucceedAsync("run", "p.yaml", "--local")).Output, StringComparison.Ordinal);

        workspace.Environment["ETL_LOG_FORMAT"] = "json";
        Assert.StartsWith("{", (await workspace.SucceedAsync("run", "p.yaml", "--local")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureIsAJsonObjectToo()
    {
        workspace.Environment["ETL_LOG_FORMAT"] = "json";

        var run = await workspace.EtlAsync("run", "p.yml", "--local");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error", JsonDocument.Parse(run.Error.Split('\n')[0]).RootElement.GetProperty("level").GetString());
    }

    [Fact]
    public async Task JsonIsThereForTheAsking()
    {
        var run = await workspace.SucceedAsync("run", "p.yaml", "--local", "--json");

        Assert.Equal("shop", JsonDocument.Parse(run.Output).RootElement.GetProperty("pipeline").GetString());
        Assert.StartsWith("shop: plan", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SpansAndMetricsReachACollector()
    {
        await using var collector = await Collector.StartAsync();
        workspace.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        workspace.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        await workspace.SucceedAsync("run", "p.yaml", "--local");

        // Names and values stand in protocol buffers as they are.
        var traces = collector.Received("/v1/traces");
        foreach (var name in new[] { "etl run", "etl split", "etl part", "etl load", "s3://acme/in/a.csv", "http.request.method" })
            Assert.Contains(name, traces, StringComparison.Ordinal);
        var metrics = collector.Received("/v1/metrics");
        foreach (var name in new[] { "etl.rows", "etl.bytes", "etl.splits", "etl.runs", "etl.run.duration", "etl.token.refreshes", "etl.lag" })
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("upload_id=", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("ya29.", traces + metrics, StringComparison.Ordinal);
    }

    /// <summary>Takes what OTLP exporters send.</summary>
    private sealed class Collector(WebApplication app, ConcurrentQueue<(string Path, byte[] Body)> received) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public string Received(string path) => string.Concat(received.Where(r => r.Path == path).Select(r => Encoding.Latin1.GetString(r.Body)));

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var received = new ConcurrentQueue<(string, byte[])>();
            app.MapPost("/v1/{signal}", async (HttpRequest request) =>
            {
                using var body = new MemoryStream();
                await request.Body.CopyToAsync(body);
                received.Enqueue((request.Path.Value!, body.ToArray()));
                return Results.Bytes([], "application/x-protobuf");
            });
            await app.StartAsync();
            return new Collector(app, received);
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
