using Etl.LambdaEmulator;

namespace Etl.Acceptance.Tests;

/// <summary>The real <c>etl</c> as a Lambda function of the emulator.</summary>
internal static class LambdaFunctions
{
    /// <summary>A function in <paramref name="workspace"/>. Like a <c>bootstrap</c>, it is started with no arguments.</summary>
    public static FunctionSetup Setup(Workspace workspace, TimeSpan timeout) => new("dotnet", [Workspace.Etl], workspace.Folder, timeout)
    {
        Environment = new Dictionary<string, string?>(workspace.Environment) { ["HOME"] = workspace.Folder },
    };
}
