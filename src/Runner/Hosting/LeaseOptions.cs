using System.CommandLine;
using System.CommandLine.Parsing;
using Etl.Core.Pipelines;
using Etl.Core.State;
using Microsoft.Extensions.Logging;

namespace Etl.Runner.Hosting;

/// <summary>The options that say how a command takes the pipeline's lease.</summary>
internal sealed class LeaseOptions
{
    private readonly Option<TimeSpan> wait = new("--wait")
    {
        Description = "Wait while another process is at work on the pipeline, for as long as it takes or a duration such as 10m. Without it: exit code 75 at once.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (result.Tokens.Count == 0) return Timeout.InfiniteTimeSpan;
            if (Duration.TryParse(result.Tokens[0].Value, null, out var duration)) return duration.Value;
            result.AddError($"--wait takes {result.Tokens[0].Value} for a duration, and it is none such as 90s or 10m. Put a bare --wait at the end.");
            return default;
        },
    };

    private readonly Option<Duration> lease = new("--lease")
    {
        Description = "How long this process may give no sign of life before another may go on in its place; 5s at least.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => new Duration(new LeaseTerms().Duration),
        CustomParser = result => Durations.Parse(result),
    };

    /// <summary>Adds them to <paramref name="command"/>.</summary>
    public LeaseOptions AddTo(Command command)
    {
        lease.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<Duration>().Value < TimeSpan.FromSeconds(5)) result.AddError("--lease must be 5s or more.");
        });
        command.Add(wait);
        command.Add(lease);
        return this;
    }

    /// <summary>The terms asked for.</summary>
    public LeaseTerms Read(ParseResult parsed, string command) => new()
    {
        Command = command,
        Duration = parsed.GetValue(lease).Value,
        Wait = parsed.GetValue(wait),
        Waiting = message => Messages.Write(LogLevel.Information, $"{command}: {message}"),
    };
}

/// <summary>Durations on the command line.</summary>
internal static class Durations
{
    public static Duration Parse(ArgumentResult result)
    {
        if (Duration.TryParse(result.Tokens.Single().Value, null, out var duration)) return duration;
        result.AddError($"{result.Tokens.Single().Value} is not a duration such as 90s, 10m, 1h30m or 7d.");
        return default;
    }
}
