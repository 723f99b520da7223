using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using Etl.Connectors.Aws.Sqs;
using Etl.Core.Errors;
using Etl.Runner.Display;
using Etl.Runner.Hosting;
using Microsoft.Extensions.Logging;

namespace Etl.Runner.Lambda;

/// <summary>Answers an event: runs what it asks for, each pipeline once, and says how it went in the way its trigger understands.</summary>
/// <param name="runs">Runs pipelines.</param>
/// <param name="queue">Where a run that did not get done is asked for again; null to leave that to the caller, or to the trigger's own retry.</param>
internal sealed class InvocationHandler(LambdaRuns runs, MessageQueue? queue)
{
    /// <summary>The answer.</summary>
    /// <exception cref="EtlException">The invocation failed; what was asked for has to be asked for again.</exception>
    public async Task<JsonNode> HandleAsync(Invocation invocation, CancellationToken cancel)
    {
        var asks = EventReader.Read(invocation.Payload);
        foreach (var ask in asks) Log(ask.What + (ask.Problem is { } problem ? $": {problem.Message}" : ask.Request is null ? ": nothing to do" : ""), ask.Problem is null ? LogLevel.Information : LogLevel.Error);

        var answers = new List<JsonObject>();
        var failed = asks.Where(a => a.Problem is not null).Select(a => (Ask: a, Error: (Exception)a.Problem!)).ToList();
        foreach (var same in asks.Where(a => a.Request is not null).GroupBy(a => a.Request!.Key))
            try
            {
                answers.Add(await RunAsync(same.First().Request!, same.Any(a => a.IsCall), invocation, cancel));
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                if (e is not EtlException) Log(e.ToString(), LogLevel.Critical);
                failed.AddRange(same.Select(ask => (ask, e)));
            }

        // What nobody else answers for is an error of the invocation, and so is a batch of which nothing was of use: alarms count those. That another process is at work is no alarm.
        if (failed.Find(f => f.Ask.MessageId is null || (failed.Count == asks.Count && !IsForLater(f.Error))) is { Error: { } error }) ExceptionDispatchInfo.Throw(error);
        foreach (var (ask, why) in failed.Where(f => f.Ask.Problem is null)) Log($"message {ask.MessageId} is left in the queue: {why.Message}", LogLevel.Warning);
        if (asks.Any(a => a.MessageId is not null)) return BatchAnswer(failed.Select(f => f.Ask.MessageId!));
        return answers.Count switch
        {
            0 => new JsonObject { ["status"] = "ignored", ["reason"] = string.Join("; ", asks.Select(a => a.What)) },
            1 => answers[0],
            _ => new JsonObject { ["answers"] = new JsonArray([.. answers]) },
        };
    }

    private async Task<JsonObject> RunAsync(RunRequest request, bool isCall, Invocation invocation, CancellationToken cancel)
    {
        var left = invocation.Deadline - TimeProvider.System.GetUtcNow();
        try
        {
            var summaries = await runs.RunAsync(request, TimeLimit.Of(left), cancel);
            var done = request.ToJson();
            done["status"] = "done";
            done["runs"] = new JsonArray([.. summaries.Where(s => (int)s["objects"]! > 0).Select(WithoutSchema)]);
            return done;
        }
        catch (RunStoppedException e) when (!e.IsStuck && (queue is not null || isCall))
        {
            Log(e.Message);
            var more = request.ToJson();
            if (queue is not null) await queue.SendAsync(more.ToJsonString(), cancel);
            more["status"] = queue is null ? "continue" : "requeued";
            more["splits"] = new JsonObject { ["done"] = e.SplitsDone, ["total"] = e.SplitsTotal };
            return more;
        }
    }

    private static bool IsForLater(Exception error) => error is LeaseException or RunStoppedException { IsStuck: false };

    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
    private static JsonObject BatchAnswer(IEnumerable<string> failed) =>
        new() { ["batchItemFailures"] = new JsonArray([.. failed.Distinct().Select(id => new JsonObject { ["itemIdentifier"] = id })]) };

    // An answer may be at most 256 kB long for Step Functions, and the log has the columns.
    private static JsonObject WithoutSchema(JsonObject summary)
    {
        summary.Remove("schema");
        return summary;
    }

    private static void Log(string line, LogLevel level = LogLevel.Information) => Messages.Write(level, CellText.Message(line));
}
