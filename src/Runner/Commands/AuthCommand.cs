using System.CommandLine;

namespace Etl.Runner.Commands;

/// <summary><c>etl auth</c>: the keyless sign-in, checked and set up.</summary>
internal static class AuthCommand
{
    public static Command Create() => new("auth", "Checks the keyless sign-in to Google Cloud, or prepares it.") { AuthCheckCommand.Create(), AuthSetupCommand.Create() };
}
