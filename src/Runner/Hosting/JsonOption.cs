using System.CommandLine;

namespace Etl.Runner.Hosting;

/// <summary>The option that asks for JSON instead of tables; so does ETL_LOG_FORMAT=json.</summary>
internal sealed class JsonOption
{
    private readonly Option<bool> json = new("--json") { Description = "Print JSON, an object a line." };

    /// <summary>Adds it to <paramref name="command"/>.</summary>
    public JsonOption AddTo(Command command)
    {
        command.Add(json);
        return this;
    }

    /// <summary>Whether JSON is wanted.</summary>
    public bool Read(ParseResult parsed) => parsed.GetValue(json) || Messages.IsAskedFor(Environment.GetEnvironmentVariable);
}
