using System.Text.Json.Nodes;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Lambda;

/// <summary>Runs pipelines within an invocation's time. What a pipeline opened (its connections, its sign-in) serves the next invocation of the same process too.</summary>
/// <param name="ownPipeline">The pipeline of requests that name none; null when there is none.</param>
internal sealed class LambdaRuns(string? ownPipeline) : IAsyncDisposable
{
    private const int MostOpen = 8;
    private readonly Dictionary<string, OpenedPipeline> opened = [];

    /// <summary>Opens what is asked for, if it is not open yet.</summary>
    /// <exception cref="PipelineFileException">Its file is wrong.</exception>
    public async Task<OpenedPipeline> OpenAsync(RunRequest request)
    {
        if (opened.TryGetValue(request.Key, out var found)) return found;
        var path = request.Pipeline ?? ownPipeline ?? throw new UnreadableEventException("The event names no pipeline, and ETL_PIPELINE is not set. Set it to the pipeline file, such as pipelines/orders.yaml, or send { \"pipeline\": \"pipelines/orders.yaml\" }.");
        if (opened.Count == MostOpen) await CloseAsync();
        return opened[request.Key] = OpenedPipeline.Open(path, name => request.Parameters.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name));
    }

    /// <summary>Runs it: the run that was left open first, then what is new.</summary>
    /// <returns>What was done, in order; it is on standard output, too.</returns>
    /// <exception cref="RunStoppedException">The time is over; the next invocation goes on.</exception>
    public async Task<IReadOnlyList<JsonObject>> RunAsync(RunRequest request, TimeLimit limit, CancellationToken cancel)
    {
        var pipeline = (await OpenAsync(request)).Pipeline;
        using var stop = new RunStop(TimeProvider.System);
        stop.RequestWithin(limit.Work, limit.Grace);
        var summaries = new List<JsonObject>();
        RunSummary summary;
        do
        {
            var engine = new RunEngine(pipeline, new RunProgress(TimeProvider.System), Parallelism.Default, new LeaseTerms { Command = "lambda" }, stop);
            summary = await engine.RunAsync(cancel);
            Console.WriteLine(SummaryJson.Write(summary, pipeline.Name));
            summaries.Add(SummaryJson.Of(summary, pipeline.Name));
        }
        while (summary.Resumed);
        return summaries;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => CloseAsync();

    private async ValueTask CloseAsync()
    {
        foreach (var pipeline in opened.Values) await pipeline.DisposeAsync();
        opened.Clear();
    }
}
