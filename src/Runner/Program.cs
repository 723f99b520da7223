using System.CommandLine;
using System.CommandLine.Help;
using Etl.Runner.Commands;
using Etl.Runner.Hosting;

var root = new RootCommand("Etl takes files from S3 into BigQuery, typed and exactly once, with no service-account key.")
{
    RunCommand.Create(),
    PlanCommand.Create(),
    StageCommand.Create(),
    CommitCommand.Create(),
    DeadLettersCommand.Create(),
    StateCommand.Create(),
    GcCommand.Create(),
    ReportCommand.Create(),
    ServeCommand.Create(),
    InitCommand.Create(),
    ValidateCommand.Create(),
    TestCommand.Create(),
    InferCommand.Create(),
    PreviewCommand.Create(),
    ConvertCommand.Create(),
    QueryCommand.Create(),
    AuthCommand.Create(),
    ConnectorsCommand.Create(),
    SchemaCommand.Create(),
    CompletionCommand.Create(),
    LambdaCommand.Create(),
    LocalCloudCommand.Create(),
};

// Windows' own ways to ask for help are no words of other systems, whose shells would offer them.
if (!OperatingSystem.IsWindows())
    foreach (var alias in (string[])["/h", "/?"]) root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);

var parsed = root.Parse(args is [] && LambdaCommand.IsLambda ? ["lambda"] : args);
if (parsed.Errors.Count > 0 && !CompletionCommand.IsAsked(args))
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
    await Console.Error.WriteLineAsync($"See: etl {parsed.CommandResult.Command.Name} --help".Replace("etl etl", "etl", StringComparison.Ordinal));
    return ExitCodes.Usage;
}

using var telemetry = Telemetry.Start(Environment.GetEnvironmentVariable);
Signals.Listen();
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, Signals.Stopped);
