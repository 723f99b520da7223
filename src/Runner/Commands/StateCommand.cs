using System.CommandLine;

namespace Etl.Runner.Commands;

/// <summary><c>etl state</c>: what a pipeline remembers, shown and changed by hand.</summary>
internal static class StateCommand
{
    public static Command Create() =>
        new("state", "Shows or changes what a pipeline remembers: which objects were loaded, the watermark, the open run, who is at work.")
        {
            StateShowCommand.Create(),
            StateResetCommand.Create(),
            StateMarkLoadedCommand.Create(),
            StateBackfillCommand.Create(),
        };
}
