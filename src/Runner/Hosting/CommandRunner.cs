using System.CommandLine;
using Etl.Core.Errors;
using Etl.Runner.Display;
using Spectre.Console;

namespace Etl.Runner.Hosting;

/// <summary>Runs a command's work and turns failures into what a person can act on, with the right exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Makes <paramref name="work"/> the command's action.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                return await work(parsed, cancel);
            }
            catch (PipelineFileException e)
            {
                foreach (var error in e.Errors) await Console.Error.WriteLineAsync(error.ToString());
                return ExitCodes.Usage;
            }
            catch (LeaseException e)
            {
                Fail(e.Message);
                return ExitCodes.Busy;
            }
            catch (RunStoppedException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return Signals.ExitCode;
            }
            catch (UsageException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return ExitCodes.Usage;
            }
            catch (EtlException e)
            {
                return Fail(e.Message);
            }
            catch (Exception e) when (cancel.IsCancellationRequested && e is OperationCanceledException or IOException)
            {
                await Console.Error.WriteLineAsync("Stopped. Nothing is half-loaded; run the same command again to go on.");
                return Signals.ExitCode;
            }
            catch (Exception e)
            {
                await Console.Error.WriteLineAsync($"This is a bug in Etl, please report it with what follows.{Environment.NewLine}{e}");
                return ExitCodes.Bug;
            }
        });

    /// <summary>Says what went wrong.</summary>
    public static int Fail(string message)
    {
        Consoles.Error.Write(new Text("error: ", new Style(Color.Red)));
        Consoles.Error.WriteLine(CellText.Message(message));
        return ExitCodes.Failed;
    }
}
