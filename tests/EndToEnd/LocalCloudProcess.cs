using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Etl.EndToEnd.Tests;

/// <summary><c>etl local-cloud</c>, running by itself; its environment is what it printed.</summary>
internal sealed partial class LocalCloudProcess : IAsyncDisposable
{
    private readonly Process process;

    private LocalCloudProcess(Process process, IReadOnlyDictionary<string, string> environment) => (this.process, Environment) = (process, environment);

    public IReadOnlyDictionary<string, string> Environment { get; }

    [GeneratedRegex("^export ([A-Z0-9_]+)='(.*)'$")]
    private static partial Regex Export { get; }

    /// <summary>Starts it in <paramref name="workspace"/> and gives the workspace its environment.</summary>
    public static async Task<LocalCloudProcess> StartAsync(Workspace workspace, params string[] arguments)
    {
        var process = workspace.StartEtl(["local-cloud", .. arguments]);
        var environment = new Dictionary<string, string>();
        var error = "";
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // It says that it is up only after the last variable.
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            error += line;
            if (line.Contains("The local cloud is up", StringComparison.Ordinal)) break;
        }

        if (process.HasExited) throw new InvalidOperationException("etl local-cloud ended: " + error);
        while (!environment.ContainsKey("STORAGE_EMULATOR_HOST") && await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (Export.Match(line) is { Success: true } match)
                environment[match.Groups[1].Value] = match.Groups[2].Value;
        foreach (var (name, value) in environment) workspace.Environment[name] = value;
        return new LocalCloudProcess(process, environment);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
