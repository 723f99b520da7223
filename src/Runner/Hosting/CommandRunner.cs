using System.CommandLine;
using Etl.Core.Errors;
using Etl.Core.Plugins;
using Etl.Runner.Display;
using Microsoft.Extensions.Logging;
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
                var code = await work(parsed, cancel);
                if (code == ExitCodes.Success) StartupProfile.Keep();
                return code;
            }
            catch (PipelineFileException e)
            {
                foreach (var error in e.Errors) Messages.Write(LogLevel.Error, error.ToString());
                return ExitCodes.Usage;
            }
            catch (LeaseException e)
            {
                Fail(e.Message);
                return ExitCodes.Busy;
            }
            catch (NotStagedException e)
            {
                Fail(e.Message);
                return ExitCodes.NotStaged;
            }
            catch (PlanAgainException e)
            {
                Fail(e.Message);
                return ExitCodes.PlanAgain;
            }
            catch (RunStoppedException e)
            {
                Messages.Write(LogLevel.Warning, e.Message);
                return Signals.ExitCode;
            }
            catch (Exception e) when (e is UsageException or PluginException)
            {
                Messages.Write(LogLevel.Error, e.Message);
                return ExitCodes.Usage;
            }
            catch (EtlException e)
            {
                return Fail(e.Message);
            }
            catch (Exception e) when (cancel.IsCancellationRequested && e is OperationCanceledException or IOException)
            {
                Messages.Write(LogLevel.Warning, "Stopped. Nothing is half-loaded; run the same command again to go on.");
                return Signals.ExitCode;
            }
            catch (Exception e)
            {
                Messages.Write(LogLevel.Critical, $"{Bug.Of(e)}, please report it with what follows.{Environment.NewLine}{e}");
                return ExitCodes.Bug;
            }
        });

    /// <summary>Says what went wrong.</summary>
    public static int Fail(string message)
    {
        if (Messages.Json)
        {
            Messages.Write(LogLevel.Error, message);
            return ExitCodes.Failed;
        }

        Consoles.Error.Write(new Text("error: ", new Style(Color.Red)));
        Consoles.Error.WriteLine(CellText.Message(message));
        return ExitCodes.Failed;
    }
}
