using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Runner.Hosting;

namespace Etl.Runner.Serve;

/// <summary>One pipeline of `etl serve`: at most one run at a time, in the background. Safe from any thread.</summary>
internal sealed class ServedPipeline(OpenedPipeline opened, Func<LeaseTerms> terms, int parallelism, CancellationToken stop)
{
    private readonly Lock gate = new();
    private Task? running;
    private RunProgress? progress;
    private string? failure;

    public string Name => opened.Definition.Name;

    public Pipeline Pipeline => opened.Pipeline;

    /// <summary>Where the run under way is; null when there is none.</summary>
    public RunProgress? Progress
    {
        get { lock (gate) return running is { IsCompleted: false } ? progress : null; }
    }

    /// <summary>Why the last run that was started here failed; null when it did not.</summary>
    public string? Failure
    {
        get { lock (gate) return failure; }
    }

    /// <summary>Starts a run; false when one is under way here.</summary>
    public bool Start()
    {
        lock (gate)
        {
            if (running is { IsCompleted: false }) return false;
            failure = null;
            // Before its task begins, so that it is under way as soon as it is started.
            var first = progress = new RunProgress(TimeProvider.System);
            running = Task.Run(() => RunAsync(first), CancellationToken.None);
            return true;
        }
    }

    /// <summary>The run under way, if any.</summary>
    public Task Finished
    {
        get { lock (gate) return running ?? Task.CompletedTask; }
    }

    private async Task RunAsync(RunProgress current)
    {
        try
        {
            while ((await new RunEngine(Pipeline, current, parallelism, terms()).RunAsync(stop)).Resumed)
            {
                current = new RunProgress(TimeProvider.System);
                lock (gate) progress = current;
            }
        }
        catch (Exception e) when (e is EtlException or OperationCanceledException or IOException)
        {
            lock (gate) failure = stop.IsCancellationRequested ? "Stopped. Nothing is half-loaded." : e.Message;
        }
        catch (Exception e)
        {
            lock (gate) failure = $"{Bug.Of(e)} ({e.GetType().Name}); the log has more.";
            Messages.Write(Microsoft.Extensions.Logging.LogLevel.Critical, $"{Name}: {e}", ("pipeline", Name));
        }
    }
}
