using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Catalog;
using Etl.LocalCloud.BigQuery.Load;
using Etl.LocalCloud.BigQuery.Query;
using Etl.LocalCloud.Faults.Effects;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.BigQuery.Jobs;

/// <summary>Runs jobs in the background and keeps what became of them.</summary>
internal sealed partial class JobRunner(JobStore store, TableCatalog catalog, Warehouse warehouse, LoadJob loads, QueryJob queries) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Task> running = new();
    private readonly CancellationTokenSource stop = new();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,1024}$")]
    private static partial Regex IdPattern { get; }

    /// <summary>Starts a job and answers with it, still running.</summary>
    /// <param name="project">The project that runs it.</param>
    /// <param name="request">The job.</param>
    /// <param name="who">Who asks.</param>
    /// <param name="failure">How it is to fail; null for a job that does what it can.</param>
    public JsonObject Start(string project, JsonObject request, GoogleIdentity who, JobFailure? failure = null)
    {
        var id = request["jobReference"]?["jobId"]?.GetValue<string>() ?? $"job_{Guid.NewGuid():N}";
        if (!IdPattern.IsMatch(id)) throw BigQueryRefusedException.Invalid($"Invalid job ID \"{id}\". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.");
        var configuration = request["configuration"] as JsonObject ?? throw BigQueryRefusedException.Invalid("Required parameter is missing: configuration");
        var kind = configuration["load"] is not null ? "LOAD" : configuration["query"] is not null ? "QUERY" : throw BigQueryRefusedException.Invalid("The local BigQuery runs load and query jobs.");
        configuration = configuration.DeepClone().AsObject();
        configuration["jobType"] = kind;
        var job = new JsonObject
        {
            ["kind"] = "bigquery#job",
            ["id"] = $"{project}:US.{id}",
            ["jobReference"] = new JsonObject { ["projectId"] = project, ["jobId"] = id, ["location"] = "US" },
            ["configuration"] = configuration,
            ["status"] = new JsonObject { ["state"] = "RUNNING" },
            ["statistics"] = new JsonObject { ["creationTime"] = catalog.Millis(), ["startTime"] = catalog.Millis() },
            ["user_email"] = who.Name,
        };
        if (configuration["dryRun"]?.GetValue<bool>() == true) return DryRun(project, job, configuration);
        store.Add(project, id, job);
        var answer = job.DeepClone().AsObject();
        running[$"{project}/{id}"] = Task.Run(() => RunAsync(project, id, job.DeepClone().AsObject(), configuration, who, failure));
        return answer;
    }

    /// <summary>The job, after it ended or <paramref name="wait"/> passed.</summary>
    public async Task<JsonObject> WaitAsync(string project, string id, TimeSpan wait, CancellationToken cancel)
    {
        if (wait > TimeSpan.Zero && running.TryGetValue($"{project}/{id}", out var task))
            await Task.WhenAny(task, Task.Delay(wait, cancel)).ConfigureAwait(false);
        var job = store.Get(project, id).DeepClone().AsObject();
        return job["status"]!["state"]!.GetValue<string>() == "DONE" || store.IsLive(project, id) ? job : await SettleAsync(project, id, job, cancel).ConfigureAwait(false);
    }

    // A job that an earlier process left running: it is done when its rows are there, and lost otherwise.
    private async Task<JsonObject> SettleAsync(string project, string id, JsonObject job, CancellationToken cancel)
    {
        var done = await warehouse.UseAsync(open => FinishedJobs.Find(open, project, id), cancel).ConfigureAwait(false);
        const string lost = "The local BigQuery was stopped while the job ran, and the job left nothing. Retry with a new id.";
        job["status"] = done is not null ? new JsonObject { ["state"] = "DONE" } : new JsonObject
        {
            ["state"] = "DONE",
            ["errorResult"] = BigQueryRefusedException.Proto("backendError", lost),
            ["errors"] = new JsonArray(BigQueryRefusedException.Proto("backendError", lost)),
        };
        if (done is var (kind, statistics)) job["statistics"]![kind] = statistics;
        job["statistics"]!["endTime"] = catalog.Millis();
        store.Update(project, id, job);
        return job.DeepClone().AsObject();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running.Values).ConfigureAwait(false);
        stop.Dispose();
    }

    private JsonObject DryRun(string project, JsonObject job, JsonObject configuration)
    {
        if (configuration["query"] is JsonObject query) queries.Check(project, query);
        job["status"] = new JsonObject { ["state"] = "DONE" };
        return job;
    }

    private async Task RunAsync(string project, string id, JsonObject job, JsonObject configuration, GoogleIdentity who, JobFailure? failure)
    {
        var status = new JsonObject { ["state"] = "DONE" };
        try
        {
            var (section, statistics) = configuration["load"] is JsonObject load
                ? ("load", await loads.RunAsync(project, id, load, who, failure, stop.Token).ConfigureAwait(false))
                : ("query", await queries.RunAsync(project, id, configuration["query"]!.AsObject(), who, failure, stop.Token).ConfigureAwait(false));
            job["statistics"]![section] = statistics;
        }
        catch (Exception e)
        {
            var refused = e as BigQueryRefusedException ?? (e is DuckDBException
                ? BigQueryRefusedException.InvalidQuery(e.Message)
                : new BigQueryRefusedException(500, "internalError", $"The local BigQuery failed: {e.Message}"));
            status["errorResult"] = BigQueryRefusedException.Proto(refused.Reason, refused.Message);
            status["errors"] = new JsonArray([BigQueryRefusedException.Proto(refused.Reason, refused.Message), .. refused.Details.Select(d => BigQueryRefusedException.Proto(refused.Reason, d))]);
        }

        job["status"] = status;
        job["statistics"]!["endTime"] = catalog.Millis();
        store.Update(project, id, job);
        running.TryRemove($"{project}/{id}", out _);
    }
}
