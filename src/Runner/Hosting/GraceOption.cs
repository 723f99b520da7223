using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Pipelines;

namespace Etl.Runner.Hosting;

/// <summary>The option of commands that stage: what SIGTERM leaves them time for.</summary>
internal sealed class GraceOption
{
    private readonly Option<Duration> grace = new("--grace")
    {
        Description = "On SIGTERM: how long the splits under way may still take before they are dropped. Less than what the orchestrator gives before it kills (Docker: 10s, Kubernetes and ECS: 30s).",
        HelpName = "DURATION",
        DefaultValueFactory = _ => new Duration(TimeSpan.FromSeconds(6)),
        CustomParser = Durations.Parse,
    };

    /// <summary>Adds it to <paramref name="command"/>.</summary>
    public GraceOption AddTo(Command command)
    {
        command.Add(grace);
        return this;
    }

    /// <summary>From now until the result is disposed, SIGTERM asks its <see cref="GentleStop.Stop"/> to stop.</summary>
    public GentleStop Listen(ParseResult parsed) => new(parsed.GetValue(grace).Value);
}

/// <summary>A stop that SIGTERM asks for.</summary>
internal sealed class GentleStop : IDisposable
{
    private readonly IDisposable listening;

    public GentleStop(TimeSpan grace) => listening = Signals.OnTerminate(() => Stop.Request(grace));

    /// <summary>What is asked.</summary>
    public RunStop Stop { get; } = new(TimeProvider.System);

    /// <inheritdoc/>
    public void Dispose()
    {
        listening.Dispose();
        Stop.Dispose();
    }
}
