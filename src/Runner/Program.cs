using System.CommandLine;
using System.CommandLine.Help;
using Etl.Runner.Commands;
using Etl.Runner.Hosting;

if (args is [] && LambdaCommand.IsLambda) args = ["lambda"];
var name = AllCommands.NameIn(args);
StartupProfile.Start(name);
var root = AllCommands.Create(name);

// Windows' own ways to ask for help are no words of other systems, whose shells would offer them.
if (!OperatingSystem.IsWindows())
    foreach (var alias in (string[])["/h", "/?"]) root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0 && !CompletionCommand.IsAsked(args))
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
    await Console.Error.WriteLineAsync($"See: etl {parsed.CommandResult.Command.Name} --help".Replace("etl etl", "etl", StringComparison.Ordinal));
    return ExitCodes.Usage;
}

using var telemetry = Telemetry.Start(Environment.GetEnvironmentVariable);
Signals.Listen();
return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, Signals.Stopped);
