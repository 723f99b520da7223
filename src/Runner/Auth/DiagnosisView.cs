using Etl.Connectors.Gcp.Doctor;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Etl.Runner.Auth;

/// <summary>A diagnosis for a person: a tree with a tick for each step, and under a failed one the cause and the fix.</summary>
internal static class DiagnosisView
{
    public static void Show(IAnsiConsole console, Diagnosis diagnosis)
    {
        var tree = new Tree(new Markup("[bold]Signing in to Google Cloud[/]")).Guide(console.Profile.Capabilities.Unicode ? TreeGuide.Line : TreeGuide.Ascii);
        foreach (var step in diagnosis.Steps)
        {
            var node = tree.AddNode(Heading(step));
            if (step.Facts.Count > 0) node.AddNode(Facts(step.Facts));
            if (step.Problem is not { } problem) continue;
            node.AddNode(new Text(problem.Message, new Style(step.Status == StepStatus.Failed ? Color.Red : Color.Yellow)));
            if (problem.Said is not null) node.AddNode(new Markup($"[dim]{Markup.Escape("it said: " + problem.Said)}[/]"));
            if (problem.Fixes.Count > 0) AddFixes(node.AddNode(new Markup("[bold]fix[/]")), problem.Fixes);
        }

        console.Write(tree);
        console.WriteLine();
        console.MarkupLine(Verdict(diagnosis));
        // A command must come out in one piece, to be copied: the tree breaks its lines.
        foreach (var command in Commands(diagnosis))
            console.Profile.Out.Writer.WriteLine("  " + command[2..]);
    }

    private static Markup Heading(DiagnosisStep step)
    {
        var (mark, color) = step.Status switch
        {
            StepStatus.Passed => ("✔", "green"),
            StepStatus.Warning => ("!", "yellow"),
            StepStatus.Failed => ("✘", "red"),
            _ => ("-", "dim"),
        };
        var subject = step.Subject.Length == 0 ? "" : $"  {Markup.Escape(step.Subject)}";
        return new Markup($"[{color}]{mark}[/] [{(step.Status == StepStatus.Skipped ? "dim" : "bold")}]{Title(step.Id)}[/]{subject}{(step.Status == StepStatus.Skipped ? " [dim](not tried)[/]" : "")}");
    }

    private static Text Facts(IReadOnlyList<StepFact> facts)
    {
        var width = facts.Max(f => f.Name.Length);
        return new Text(string.Join('\n', facts.Select(f => $"{f.Name.PadRight(width)}  {f.Value}")), new Style(decoration: Decoration.Dim));
    }

    private static void AddFixes(TreeNode node, IReadOnlyList<string> fixes)
    {
        foreach (var fix in fixes) node.AddNode(fix.StartsWith("$ ", StringComparison.Ordinal) ? new Text(fix, new Style(Color.Cyan1)) : new Text(fix) as IRenderable);
    }

    private static string Verdict(Diagnosis diagnosis)
    {
        var failed = diagnosis.Steps.Where(s => s.Status == StepStatus.Failed).Select(s => Title(s.Id)).ToList();
        if (failed.Count == 0) return diagnosis.Steps.Any(s => s.Status == StepStatus.Warning) ? "[green]Everything works[/]; see the warnings above." : "[green]Everything works.[/]";
        return $"[red]{failed.Count} of {diagnosis.Steps.Count} steps failed[/]: {string.Join(", ", failed)}.{(Commands(diagnosis).Any() ? " The commands above, to copy (nothing was run):" : "")}";
    }

    // Those that are whole: one with an ellipsis is a hint.
    private static IEnumerable<string> Commands(Diagnosis diagnosis) =>
        diagnosis.Steps.SelectMany(s => s.Problem?.Fixes ?? []).Where(f => f.StartsWith("$ ", StringComparison.Ordinal) && !f.EndsWith('…')).Distinct();

    private static string Title(StepId id) => id switch
    {
        StepId.CredentialsFile => "Credentials file",
        StepId.AwsCredentials => "AWS credentials",
        StepId.Clock => "Clock",
        StepId.AwsCaller => "AWS caller",
        StepId.TokenExchange => "Token exchange",
        StepId.Impersonation => "Impersonation",
        StepId.AccessToken => "Access token",
        StepId.Bucket => "Bucket",
        StepId.BigQueryJobs => "BigQuery jobs",
        StepId.BigQueryDataset => "BigQuery dataset",
        StepId.BigQueryTable => "BigQuery table",
        StepId.Source => "Source",
        _ => throw new InvalidOperationException($"No title: {id}"),
    };
}
