using System.CommandLine;

namespace Etl.Runner.Hosting;

/// <summary>The option that asks for JSON instead of tables; so does ETL_LOG_FORMAT=json.</summary>
/// <param name="description">What is printed.</param>
internal sealed class JsonOption(string description = "Print JSON, an object a line.")
{
    private readonly Option<bool> json = new("--json") { Description = description };

    /// <summary>Adds it to <paramref name="command"/>.</summary>
    public JsonOption AddTo(Command command)
    {
        command.Add(json);
        return this;
    }

    /// <summary>Whether JSON is wanted.</summary>
    public bool Read(ParseResult parsed) => parsed.GetValue(json) || Messages.IsAskedFor(Environment.GetEnvironmentVariable);
}
