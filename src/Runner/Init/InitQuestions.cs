using Etl.Core.Schemas;
using Etl.Runner.Commands;
using Etl.Runner.Hosting;
using Spectre.Console;

namespace Etl.Runner.Init;

/// <summary>Gets what the options of `etl init` leave open: asks at a terminal; elsewhere takes the suggestions, and says which answers there is no suggestion for.</summary>
internal sealed class InitQuestions(bool interactive)
{
    private readonly List<string> missing = [];

    /// <summary>Whether there is a person to ask.</summary>
    public static bool CanAsk => !Console.IsInputRedirected && Consoles.Error.Profile.Capabilities.Interactive;

    /// <summary>A text that has to be given, or that there is a suggestion for.</summary>
    public string Text(string option, string question, string? given, string? suggestion)
    {
        if (given is not null) return given;
        if (interactive)
        {
            var prompt = new TextPrompt<string>(Markup.Escape(question));
            return Consoles.Error.Prompt(suggestion is null ? prompt : prompt.DefaultValue(suggestion));
        }

        if (suggestion is null) missing.Add(option);
        return suggestion ?? "";
    }

    /// <summary>A list of columns, separated by commas; <c>none</c> for none.</summary>
    /// <exception cref="UsageException">There is no such column.</exception>
    public IReadOnlyList<string> Columns(string option, string question, string? given, IReadOnlyList<string> suggestion, TableSchema schema)
    {
        var answer = Text(option, question, given, suggestion.Count == 0 ? "none" : string.Join(',', suggestion));
        if (answer == "none") return [];
        return [.. answer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => schema.IndexOf(name) is >= 0 and var i ? schema.Columns[i].Name
            : throw new UsageException($"{option}: the sample has no column {name}. Its columns are {string.Join(", ", schema.Columns.Take(50).Select(c => c.Name))}."))];
    }

    /// <summary>Makes sure that every answer is there.</summary>
    /// <exception cref="UsageException">There is nobody to ask, and answers are missing.</exception>
    public void Check()
    {
        if (missing.Count > 0) throw new UsageException($"There is no terminal to ask at. Give {string.Join(", ", missing)}.");
    }

    /// <summary>The column that a table of these rows is best partitioned by: the first day or instant that no row of the sample lacks.</summary>
    public static string? Partition(SampledFile file) => file.Proposal.Schema.Columns
        .FirstOrDefault(c => c.Type is ColumnType.Timestamp or ColumnType.DateTime or ColumnType.Date && !file.Proposal.Gaps.Contains(c.Name))?.Name;
}
