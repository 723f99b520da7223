using System.Runtime.InteropServices;

namespace Etl.Runner.Hosting;

/// <summary>The signals that end a command. Ctrl-C stops it at once, a second one without waiting. SIGTERM, which orchestrators send, does what the command says of it, or stops it at once too.</summary>
internal static class Signals
{
    private static readonly CancellationTokenSource Stop = new();
    private static readonly List<PosixSignalRegistration> Registrations = [];
    private static Action? gentle;
    private static int exitCode = ExitCodes.Interrupted;

    /// <summary>Cancelled when the command has to stop at once.</summary>
    public static CancellationToken Stopped => Stop.Token;

    /// <summary>The exit code of a command that was stopped: 128 and the signal's number.</summary>
    public static int ExitCode => exitCode;

    /// <summary>From now on the process no longer dies by these signals.</summary>
    public static void Listen()
    {
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = !Stop.IsCancellationRequested;
            End(ExitCodes.Interrupted, Stop.Cancel);
        }));
        Registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            End(ExitCodes.Terminated, gentle ?? Stop.Cancel);
        }));
    }

    /// <summary>Has SIGTERM do <paramref name="action"/> until the result is disposed.</summary>
    public static IDisposable OnTerminate(Action action)
    {
        gentle = action;
        return new Gentle();
    }

    private static void End(int code, Action action)
    {
        exitCode = code;
        action();
    }

    private sealed class Gentle : IDisposable
    {
        public void Dispose() => gentle = null;
    }
}
