using System.CommandLine;

namespace Etl.Runner.Hosting;

/// <summary>The option that ties a step to one run, so that a task that comes late does not work on the next one.</summary>
internal sealed class OpenRunOption
{
    private readonly Option<string?> run = new("--run") { Description = "The run that `etl plan --open` printed; without it, whichever is open.", HelpName = "ID" };

    /// <summary>Adds it to <paramref name="command"/>.</summary>
    public OpenRunOption AddTo(Command command)
    {
        command.Add(run);
        return this;
    }

    /// <summary>The run asked for, or null.</summary>
    public string? Read(ParseResult parsed) => parsed.GetValue(run) is { Length: > 0 } id ? id : null;
}
