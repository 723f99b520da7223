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

    /// <summary>Whether questions are asked.</summary>
    public bool Asks => interactive;

    /// <summary>A text that has to be given, or that there is a suggestion for.</summary>
    public Task<string> TextAsync(string option, string question, string? given, string? suggestion, CancellationToken cancel) => TextAsync(option, question, given, suggestion, _ => null, cancel);

    /// <summary>A list of columns, separated by commas; <c>none</c> for none.</summary>
    /// <exception cref="UsageException">There is no such column.</exception>
    public async Task<IReadOnlyList<string>> ColumnsAsync(string option, string question, string? given, IReadOnlyList<string> suggestion, TableSchema schema, CancellationToken cancel)
    {
        string? Wrong(string answer) => Named(answer).FirstOrDefault(name => schema.IndexOf(name) < 0) is { } name
            ? $"the sample has no column {name}. Its columns are {string.Join(", ", schema.Columns.Take(50).Select(c => c.Name))}." : null;
        var answer = await TextAsync(option, question, given, suggestion.Count == 0 ? "none" : string.Join(',', suggestion), Wrong, cancel);
        return Wrong(answer) is { } wrong ? throw new UsageException($"{option}: {wrong}") : [.. Named(answer).Select(name => schema.Columns[schema.IndexOf(name)].Name)];
    }

    /// <summary>Makes sure that every answer is there.</summary>
    /// <exception cref="UsageException">There is nobody to ask, and answers are missing.</exception>
    public void Check()
    {
        if (missing.Count > 0) throw new UsageException($"There is no terminal to ask at. Give {string.Join(", ", missing)}.");
    }

    private static string[] Named(string answer) => answer == "none" ? [] : answer.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // A wrong answer is asked for again.
    private async Task<string> TextAsync(string option, string question, string? given, string? suggestion, Func<string, string?> wrong, CancellationToken cancel)
    {
        if (given is not null) return given;
        if (!interactive)
        {
            if (suggestion is null) missing.Add(option);
            return suggestion ?? "";
        }

        var prompt = new TextPrompt<string>(Markup.Escape(question)).Validate(answer => wrong(answer) is { } why ? ValidationResult.Error(Markup.Escape(why)) : ValidationResult.Success());
        try
        {
            return await (suggestion is null ? prompt : prompt.DefaultValue(suggestion)).ShowAsync(Consoles.Error, cancel);
        }
        catch (OperationCanceledException)
        {
            // What is said next starts a line of its own.
            Consoles.Error.WriteLine();
            throw;
        }
    }

    /// <summary>The column that a table of these rows is best partitioned by: the first day or instant that no row of the sample lacks.</summary>
    public static string? Partition(SampledFile file) => file.Proposal.Schema.Columns
        .FirstOrDefault(c => c.Type is ColumnType.Timestamp or ColumnType.DateTime or ColumnType.Date && !file.Proposal.Gaps.Contains(c.Name))?.Name;
}
