using System.Globalization;
using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery.Catalog;
using Etl.LocalCloud.BigQuery.Jobs;
using Etl.LocalCloud.BigQuery.Load;
using Etl.LocalCloud.BigQuery.Query;
using Etl.LocalCloud.Faults.Effects;
using Etl.LocalCloud.Host;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;
using Etl.LocalCloud.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Etl.LocalCloud.BigQuery;

/// <summary>BigQuery's REST API, version 2 (https://cloud.google.com/bigquery/docs/reference/rest), on DuckDB.</summary>
internal sealed class BigQueryService : IAsyncDisposable
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);
    private readonly ITokenAuthority tokens;
    private readonly Warehouse warehouse;
    private readonly TablesApi tables;
    private readonly JobStore jobs;
    private readonly QueryJob queries;
    private readonly JobRunner runner;
    private readonly BigQueryAccess access;

    public BigQueryService(string folder, IObjectFiles objects, ITokenAuthority tokens, AccessControl control, bool createMissing, TimeProvider time)
    {
        this.tokens = tokens;
        warehouse = new Warehouse(folder);
        var catalog = new TableCatalog(Path.Combine(folder, "catalog"), createMissing, time);
        tables = new TablesApi(catalog, warehouse);
        jobs = new JobStore(Path.Combine(folder, "jobs"));
        var sources = new SourceFiles(objects, control);
        queries = new QueryJob(catalog, warehouse, sources);
        runner = new JobRunner(jobs, catalog, warehouse, new LoadJob(catalog, warehouse, sources), queries);
        access = new BigQueryAccess(control, catalog);
    }

    public async Task HandleAsync(HttpContext context)
    {
        if (await BearerTokens.IdentifyAsync(context, tokens).ConfigureAwait(false) is not { } who) return;
        try
        {
            var answer = await DispatchAsync(context, who).ConfigureAwait(false);
            context.Response.ContentType = "application/json; charset=UTF-8";
            await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
        }
        catch (BigQueryRefusedException refused)
        {
            await GoogleErrors.WriteAsync(context, refused.Status, refused.Reason, refused.Message, refused.Status switch { 403 => "PERMISSION_DENIED", 404 => "NOT_FOUND", 409 => "ALREADY_EXISTS", 503 => "UNAVAILABLE", _ => "INVALID_ARGUMENT" }).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync().ConfigureAwait(false);
        await warehouse.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<JsonObject> DispatchAsync(HttpContext context, GoogleIdentity who)
    {
        // Official clients put /bigquery/v2 before it or not, by how their endpoint was set.
        var segments = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].Trim('/').Split('/').Select(Uri.UnescapeDataString).SkipWhile(s => s != "projects").ToArray();
        var body = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsDelete(context.Request.Method) ? [] : await BodyAsync(context).ConfigureAwait(false);
        var cancel = context.RequestAborted;
        access.Check(who, context.Request.Method, segments, body);
        return await ((context.Request.Method, segments) switch
        {
            ("GET", ["projects", var p, "datasets"]) => tables.ListDatasetsAsync(p),
            ("POST", ["projects", var p, "datasets"]) => tables.InsertDatasetAsync(p, body),
            ("GET", ["projects", var p, "datasets", var d]) => tables.GetDatasetAsync(p, d),
            ("DELETE", ["projects", var p, "datasets", var d]) => tables.RemoveDatasetAsync(p, d, context.Request.Query["deleteContents"] == "true", cancel),
            ("GET", ["projects", var p, "datasets", var d, "tables"]) => tables.ListAsync(p, d),
            ("POST", ["projects", var p, "datasets", var d, "tables"]) => tables.InsertAsync(p, d, body, cancel),
            ("GET", ["projects", var p, "datasets", var d, "tables", var t]) => tables.GetAsync(new TableName(p, d, t), cancel),
            ("PATCH" or "PUT", ["projects", var p, "datasets", var d, "tables", var t]) => tables.PatchAsync(new TableName(p, d, t), body, cancel),
            ("DELETE", ["projects", var p, "datasets", var d, "tables", var t]) => tables.RemoveAsync(new TableName(p, d, t), cancel),
            ("POST", ["projects", var p, "datasets", var d, "tables", var t]) when t.EndsWith(":testIamPermissions", StringComparison.Ordinal) => Task.FromResult(access.Test(who, new TableName(p, d, t[..t.IndexOf(':', StringComparison.Ordinal)]), body)),
            ("POST", ["projects", var p, "jobs"]) => Task.FromResult(runner.Start(p, body, who, context.Features.Get<JobFailure>())),
            ("GET", ["projects", _, "jobs"]) => Task.FromResult(new JsonObject { ["kind"] = "bigquery#jobList", ["jobs"] = new JsonArray([.. jobs.All().Select(j => j.DeepClone())]) }),
            ("GET", ["projects", var p, "jobs", var id]) => runner.WaitAsync(p, id, TimeSpan.Zero, cancel),
            ("POST", ["projects", var p, "jobs", var id, "cancel"]) => CancelAsync(p, id, cancel),
            ("DELETE", ["projects", var p, "jobs", var id, "delete"]) => RemoveJobAsync(p, id),
            ("GET", ["projects", var p, "queries", var id]) => ResultsAsync(p, id, context.Request.Query, cancel),
            ("POST", ["projects", var p, "queries"]) => QueryAsync(p, body, who, cancel),
            _ => throw BigQueryRefusedException.NotFound("Not found: the local BigQuery has no such method."),
        }).ConfigureAwait(false);
    }

    private async Task<JsonObject> ResultsAsync(string project, string id, IQueryCollection query, CancellationToken cancel)
    {
        var wait = long.TryParse(query["timeoutMs"], NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? TimeSpan.FromMilliseconds(Math.Min(ms, 60_000)) : DefaultWait;
        var int64 = query["formatOptions.useInt64Timestamp"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase);
        long? most = long.TryParse(query["maxResults"], NumberStyles.None, CultureInfo.InvariantCulture, out var max) ? max : null;
        return await AnswerAsync(project, id, wait, query["pageToken"], most, int64, cancel).ConfigureAwait(false);
    }

    private async Task<JsonObject> QueryAsync(string project, JsonObject body, GoogleIdentity who, CancellationToken cancel)
    {
        var started = runner.Start(project, new JsonObject
        {
            ["configuration"] = new JsonObject
            {
                ["dryRun"] = body["dryRun"]?.DeepClone(),
                ["query"] = new JsonObject { ["query"] = body["query"]?.DeepClone(), ["useLegacySql"] = body["useLegacySql"]?.DeepClone() ?? true, ["defaultDataset"] = body["defaultDataset"]?.DeepClone(), ["queryParameters"] = body["queryParameters"]?.DeepClone() },
            },
        }, who);
        var id = started["jobReference"]!["jobId"]!.GetValue<string>();
        if (body["dryRun"]?.GetValue<bool>() == true) return new JsonObject { ["kind"] = "bigquery#queryResponse", ["jobComplete"] = true, ["jobReference"] = started["jobReference"]!.DeepClone(), ["totalBytesProcessed"] = "0" };
        var int64 = body["formatOptions"]?["useInt64Timestamp"]?.GetValue<bool>() == true;
        return await AnswerAsync(project, id, DefaultWait, null, body["maxResults"]?.GetValue<long>(), int64, cancel).ConfigureAwait(false);
    }

    private async Task<JsonObject> AnswerAsync(string project, string id, TimeSpan wait, string? pageToken, long? most, bool int64, CancellationToken cancel)
    {
        var job = await runner.WaitAsync(project, id, wait, cancel).ConfigureAwait(false);
        var answer = new JsonObject { ["kind"] = "bigquery#getQueryResultsResponse", ["jobReference"] = job["jobReference"]!.DeepClone(), ["jobComplete"] = false };
        if (job["status"]!["state"]!.GetValue<string>() != "DONE") return answer;
        if (job["status"]!["errorResult"] is { } error)
            throw new BigQueryRefusedException(error["reason"]!.GetValue<string>() == "notFound" ? 404 : 400, error["reason"]!.GetValue<string>(), error["message"]!.GetValue<string>());
        answer["jobComplete"] = true;
        answer["cacheHit"] = false;
        answer["totalBytesProcessed"] = "0";
        foreach (var key in new[] { "numDmlAffectedRows", "dmlStats" })
            if (job["statistics"]?["query"]?[key] is { } changed)
                answer[key] = changed.DeepClone();
        foreach (var (key, value) in await queries.PageAsync(project, id, pageToken, most, int64, cancel).ConfigureAwait(false)) answer[key] = value?.DeepClone();
        return answer;
    }

    private async Task<JsonObject> CancelAsync(string project, string id, CancellationToken cancel) =>
        new() { ["kind"] = "bigquery#jobCancelResponse", ["job"] = await runner.WaitAsync(project, id, DefaultWait, cancel).ConfigureAwait(false) };

    private Task<JsonObject> RemoveJobAsync(string project, string id)
    {
        jobs.Get(project, id);
        jobs.Remove(project, id);
        return Task.FromResult(new JsonObject());
    }

    private static async Task<JsonObject> BodyAsync(HttpContext context) =>
        await JsonBody.ReadAsync(context).ConfigureAwait(false) ?? throw BigQueryRefusedException.Invalid("Invalid JSON payload received.");
}
