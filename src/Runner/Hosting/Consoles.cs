using Spectre.Console;

namespace Etl.Runner.Hosting;

/// <summary>The two streams a command writes: results to output, progress and errors to error.</summary>
internal static class Consoles
{
    /// <summary>Results. Wide when it is not a terminal, so that nothing is wrapped in a pipe.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Progress and errors.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (redirected) console.Profile.Width = 160;
        return console;
    }
}
