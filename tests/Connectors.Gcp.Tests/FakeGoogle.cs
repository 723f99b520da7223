using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Etl.Core.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Etl.Connectors.Gcp.Tests;

/// <summary>Google's token services, Cloud Storage and BigQuery on one real socket: just enough for these connectors, with knobs for what goes wrong.</summary>
public sealed class FakeGoogle : IAsyncDisposable
{
    private readonly WebApplication app;
    private int serial;

    private FakeGoogle(WebApplication app) => this.app = app;

    public string Address => app.Urls.First();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    // Token services
    public List<Dictionary<string, string>> Exchanges { get; } = [];

    public List<JsonNode> Impersonations { get; } = [];

    public (int Status, string Body)? ExchangeRefusal { get; set; }

    public (int Status, string Body)? ImpersonationRefusal { get; set; }

    /// <summary>Paths that end so are answered with a redirect to another host.</summary>
    public (string Ending, string Host)? Redirect { get; set; }

    // Cloud Storage
    public ConcurrentDictionary<string, (byte[] Content, long Generation)> Objects { get; } = [];

    public bool RefuseAtTheEnd { get; set; }

    public bool BreakChecksums { get; set; }

    public int Damages { get; set; }

    public int Parts { get; private set; }

    // BigQuery
    public HashSet<string> Datasets { get; } = ["sales"];

    public ConcurrentDictionary<string, JsonObject> Tables { get; } = [];

    public ConcurrentDictionary<string, JsonObject> Jobs { get; } = [];

    public List<string> Calls { get; } = [];

    public Func<JsonObject, JsonObject> RunJob { get; set; } = Usual;

    public (int Status, string Reason)? BigQueryRefusal { get; set; }

    public Queue<JsonObject> QueryPages { get; } = [];

    public static async Task<FakeGoogle> StartAsync(TimeProvider? time = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var fake = new FakeGoogle(builder.Build()) { Time = time ?? TimeProvider.System };
        fake.app.Run(fake.AnswerAsync);
        await fake.app.StartAsync();
        return fake;
    }

    public static Func<JsonObject, JsonObject> Usual { get; } = _ => Done(rows: 3);

    public static JsonObject Done(long rows) =>
        new() { ["status"] = new JsonObject { ["state"] = "DONE" }, ["statistics"] = new JsonObject { ["load"] = new JsonObject { ["outputRows"] = rows.ToString(CultureInfo.InvariantCulture) } } };

    public static JsonObject Failed(string reason, params string[] messages) => new()
    {
        ["status"] = new JsonObject
        {
            ["state"] = "DONE",
            ["errorResult"] = new JsonObject { ["reason"] = reason, ["message"] = messages[0], ["location"] = "gs://staging/a.csv" },
            ["errors"] = new JsonArray([.. messages.Select(m => new JsonObject { ["reason"] = reason, ["message"] = m })]),
        },
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        lock (Calls) Calls.Add($"{http.Request.Method} {path}");
        if (Redirect is { } elsewhere && path.EndsWith(elsewhere.Ending, StringComparison.Ordinal))
        {
            http.Response.Headers.Location = elsewhere.Host + path;
            await TextAsync(http, "", 307);
        }
        else if (path == "/token") await JsonAsync(http, new JsonObject { ["access_token"] = "person", ["token_type"] = "Bearer", ["expires_in"] = 3599 });
        else if (path == "/v1/token") await ExchangeAsync(http);
        else if (path.EndsWith(":generateAccessToken", StringComparison.Ordinal)) await ImpersonateAsync(http);
        else if (!http.Request.Headers.Authorization.ToString().StartsWith("Bearer sa-", StringComparison.Ordinal) && !http.Request.Query.ContainsKey("upload_id")) await JsonAsync(http, Error(401, "no token", "authError"), 401);
        else if (path.Contains("/storage/", StringComparison.Ordinal)) await StorageAsync(http, path);
        else await BigQueryAsync(http, path);
    }

    private async Task ExchangeAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        lock (Exchanges) Exchanges.Add(form.ToDictionary(f => f.Key, f => f.Value.ToString()));
        await Task.Delay(50);
        if (ExchangeRefusal is { } refusal) await TextAsync(http, refusal.Body, refusal.Status);
        else await JsonAsync(http, new JsonObject { ["access_token"] = $"fed-{Exchanges.Count}", ["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token", ["token_type"] = "Bearer", ["expires_in"] = 3600 });
    }

    private async Task ImpersonateAsync(HttpContext http)
    {
        var body = await ReadAsync(http);
        lock (Impersonations) Impersonations.Add(body);
        await Task.Delay(50);
        if (ImpersonationRefusal is { } refusal) await TextAsync(http, refusal.Body, refusal.Status);
        else
        {
            var lifetime = int.Parse(body["lifetime"]?.GetValue<string>().TrimEnd('s') ?? "3600", CultureInfo.InvariantCulture);
            await JsonAsync(http, new JsonObject { ["accessToken"] = $"sa-{Impersonations.Count}", ["expireTime"] = Time.GetUtcNow().AddSeconds(lifetime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) });
        }
    }

    private async Task StorageAsync(HttpContext http, string path)
    {
        var parts = path[path.IndexOf("/b/", StringComparison.Ordinal)..].Split('/', 5);
        if (parts[2] != "staging")
        {
            await JsonAsync(http, Error(404, "The specified bucket does not exist.", "notFound"), 404);
            return;
        }
        var query = http.Request.Query;
        if (path.StartsWith("/upload/", StringComparison.Ordinal))
        {
            await UploadAsync(http, query);
            return;
        }
        if (parts.Length < 5)
        {
            await JsonAsync(http, new JsonObject { ["items"] = new JsonArray([.. Objects.Where(o => o.Key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal)).Select(o => Resource(o.Key, o.Value.Content, o.Value.Generation))]) });
            return;
        }

        var name = Uri.UnescapeDataString(parts[4]);
        if (!Objects.TryGetValue(name, out var stored)) await JsonAsync(http, Error(404, $"No such object: staging/{name}", "notFound"), 404);
        else if (http.Request.Method == "DELETE")
        {
            if (query["ifGenerationMatch"] != stored.Generation.ToString(CultureInfo.InvariantCulture)) await JsonAsync(http, Error(412, "generation", "conditionNotMet"), 412);
            else
            {
                Objects.TryRemove(name, out _);
                http.Response.StatusCode = 204;
            }
        }
        else if (query["alt"] == "media")
        {
            http.Response.Headers["x-goog-generation"] = stored.Generation.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["x-goog-hash"] = "crc32c=" + Crc(stored.Content);
            await http.Response.Body.WriteAsync(stored.Content);
        }
        else await JsonAsync(http, Resource(name, stored.Content, stored.Generation));
    }

    private readonly ConcurrentDictionary<string, (string Name, string? Generation, string? Crc32c, MemoryStream Bytes)> uploads = [];

    private async Task UploadAsync(HttpContext http, IQueryCollection query)
    {
        if (!query.TryGetValue("upload_id", out var id))
        {
            var fields = http.Request.ContentLength > 0 ? await ReadAsync(http) : new JsonObject();
            var name = query["name"].FirstOrDefault() ?? fields["name"]!.GetValue<string>();
            var generation = query["ifGenerationMatch"].FirstOrDefault();
            if (!RefuseAtTheEnd && Refuses(name, generation))
            {
                await JsonAsync(http, Error(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet"), 412);
                return;
            }
            var upload = Guid.NewGuid().ToString("N");
            uploads[upload] = (name, generation, (string?)fields["crc32c"], new MemoryStream());
            http.Response.Headers.Location = $"{Address}/upload/storage/v1/b/staging/o?upload_id={upload}";
            return;
        }
        var (target, condition, crc, bytes) = uploads[id!];
        await http.Request.Body.CopyToAsync(bytes);
        Parts++;
        if (http.Request.Headers.ContentRange.ToString().EndsWith("/*", StringComparison.Ordinal) && http.Request.ContentLength > 0)
        {
            http.Response.StatusCode = 308;
            http.Response.Headers.Range = $"bytes=0-{bytes.Length - 1}";
            return;
        }
        if (Refuses(target, condition))
        {
            await JsonAsync(http, Error(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet"), 412);
            return;
        }
        if (Damages > 0)
        {
            Damages--;
            bytes.GetBuffer()[0] ^= 1;
        }
        if (crc is not null && crc != Crc(bytes.ToArray()))
        {
            await JsonAsync(http, Error(400, $"Provided CRC32C \"{crc}\" doesn't match calculated CRC32C \"{Crc(bytes.ToArray())}\".", "invalid"), 400);
            return;
        }
        var stored = Objects[target] = (bytes.ToArray(), Interlocked.Increment(ref serial) + 1000);
        await JsonAsync(http, Resource(target, stored.Content, stored.Generation));
    }

    private bool Refuses(string name, string? generation) =>
        generation is not null && generation != (Objects.TryGetValue(name, out var stored) ? stored.Generation : 0).ToString(CultureInfo.InvariantCulture);

    private JsonObject Resource(string name, byte[] content, long generation) => new()
    {
        ["bucket"] = "staging",
        ["name"] = name,
        ["generation"] = generation.ToString(CultureInfo.InvariantCulture),
        ["size"] = content.Length.ToString(CultureInfo.InvariantCulture),
        ["updated"] = Time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["crc32c"] = BreakChecksums ? "AAAAAA==" : Crc(content),
    };

    private static string Crc(byte[] content) => ContentSum.Of(content).Crc32c;

    private async Task BigQueryAsync(HttpContext http, string path)
    {
        if (BigQueryRefusal is { } refusal)
        {
            await JsonAsync(http, Error(refusal.Status, "The fake refuses.", refusal.Reason), refusal.Status);
            return;
        }
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries)[2..];   // bigquery/v2/projects/P/...
        var body = http.Request.Method is "POST" or "PATCH" ? (JsonObject)await ReadAsync(http) : null;
        switch (http.Request.Method, parts[2], parts.Length)
        {
            case ("GET", "datasets", 4):
                await (Datasets.Contains(parts[3]) ? JsonAsync(http, new JsonObject { ["location"] = "asia-northeast1" }) : JsonAsync(http, Error(404, "Not found: Dataset", "notFound"), 404));
                break;
            case ("POST", "datasets", 5):
                var made = Tables.TryAdd(body!["tableReference"]!["tableId"]!.GetValue<string>(), body);
                await (made ? JsonAsync(http, body) : JsonAsync(http, Error(409, "Already Exists: Table", "duplicate"), 409));
                break;
            case ("GET", "datasets", 5):
                await JsonAsync(http, new JsonObject { ["tables"] = new JsonArray([.. Tables.Values.Select(t => new JsonObject { ["tableReference"] = t["tableReference"]!.DeepClone(), ["creationTime"] = "1000" })]) });
                break;
            case ("DELETE", "datasets", 6):
                await (Tables.TryRemove(parts[5], out _) ? TextAsync(http, "", 204) : JsonAsync(http, Error(404, "Not found: Table", "notFound"), 404));
                break;
            case ("GET", "datasets", 6):
                await (Tables.TryGetValue(parts[5], out var table) ? JsonAsync(http, table) : JsonAsync(http, Error(404, "Not found: Table", "notFound"), 404));
                break;
            case ("PATCH", "datasets", 6):
                foreach (var (key, value) in body!) Tables[parts[5]][key] = value?.DeepClone();
                await JsonAsync(http, Tables[parts[5]]);
                break;
            case ("POST", "jobs", 3):
                var id = body!["jobReference"]!["jobId"]!.GetValue<string>();
                var job = (JsonObject)body.DeepClone();
                foreach (var (key, value) in RunJob(body)) job[key] = value?.DeepClone();
                if (!Jobs.TryAdd(id, job))
                {
                    await JsonAsync(http, Error(409, "Already Exists: Job", "duplicate"), 409);
                    break;
                }
                var running = (JsonObject)job.DeepClone();
                running["status"] = new JsonObject { ["state"] = "RUNNING" };
                await JsonAsync(http, running);
                break;
            case ("GET", "jobs", 4):
                await (Jobs.TryGetValue(parts[3], out var found) ? JsonAsync(http, found) : JsonAsync(http, Error(404, "Not found: Job", "notFound"), 404));
                break;
            case ("GET", "queries", 4):
                await JsonAsync(http, QueryPages.Dequeue());
                break;
            default:
                await JsonAsync(http, Error(400, "The fake does not know " + path, "invalid"), 400);
                break;
        }
    }

    private static JsonObject Error(int code, string message, string reason) => new()
    {
        ["error"] = new JsonObject { ["code"] = code, ["message"] = message, ["errors"] = new JsonArray(new JsonObject { ["reason"] = reason, ["message"] = message }) },
    };

    private static async Task<JsonNode> ReadAsync(HttpContext http)
    {
        // Google's clients compress what they send.
        await using var body = http.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(http.Request.Body, CompressionMode.Decompress) : http.Request.Body;
        return (await JsonNode.ParseAsync(body))!;
    }

    private static Task JsonAsync(HttpContext http, JsonNode body, int status = 200) => TextAsync(http, body.ToJsonString(), status);

    private static Task TextAsync(HttpContext http, string body, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body);
    }
}
