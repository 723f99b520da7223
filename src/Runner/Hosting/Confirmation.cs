using Spectre.Console;

namespace Etl.Runner.Hosting;

/// <summary>Asks a person before something that cannot be taken back.</summary>
internal static class Confirmation
{
    /// <summary>Whether to go on: <c>--yes</c> said so, or the person at the terminal does.</summary>
    /// <exception cref="UsageException">There is nobody to ask.</exception>
    public static bool Ask(string question, bool yes)
    {
        if (yes) return true;
        if (Console.IsInputRedirected || !Consoles.Error.Profile.Capabilities.Interactive)
            throw new UsageException($"{question} Say --yes: there is no terminal to ask at. Nothing was changed.");
        return Consoles.Error.Prompt(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false });
    }
}
