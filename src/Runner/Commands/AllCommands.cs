using System.CommandLine;

namespace Etl.Runner.Commands;

/// <summary>Etl's commands. Making them all takes as long as reading a file of some megabytes, so that where the first word names one, the others are not made.</summary>
internal static class AllCommands
{
    /// <summary>Each command's name, and what makes it, in the order that help shows.</summary>
    public static IReadOnlyList<KeyValuePair<string, Func<Command>>> InOrder { get; } =
    [
        new("run", RunCommand.Create),
        new("plan", PlanCommand.Create),
        new("stage", StageCommand.Create),
        new("commit", CommitCommand.Create),
        new("dead-letters", DeadLettersCommand.Create),
        new("state", StateCommand.Create),
        new("gc", GcCommand.Create),
        new("report", ReportCommand.Create),
        new("serve", ServeCommand.Create),
        new("init", InitCommand.Create),
        new("validate", ValidateCommand.Create),
        new("test", TestCommand.Create),
        new("infer", InferCommand.Create),
        new("preview", PreviewCommand.Create),
        new("convert", ConvertCommand.Create),
        new("query", QueryCommand.Create),
        new("auth", AuthCommand.Create),
        new("connectors", ConnectorsCommand.Create),
        new("schema", SchemaCommand.Create),
        new("completion", CompletionCommand.Create),
        new("lambda", LambdaCommand.Create),
        new("local-cloud", LocalCloudCommand.Create),
    ];

    /// <summary>The name of the command that a command line is of, or null when its first word is none.</summary>
    public static string? NameIn(string[] args)
    {
        foreach (var (name, _) in InOrder)
        {
            if (args is [var first, ..] && first == name) return name;
        }

        return null;
    }

    /// <summary>The command of that name alone; all of them without one.</summary>
    public static RootCommand Create(string? name)
    {
        var root = new RootCommand("Etl takes files from S3 into BigQuery, typed and exactly once, with no service-account key.");
        foreach (var (own, create) in InOrder)
        {
            if (name is null || own == name) root.Add(create());
        }

        return root;
    }
}
