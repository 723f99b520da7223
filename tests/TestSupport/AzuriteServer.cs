using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Etl.TestSupport;

/// <summary>Azurite, Microsoft's emulator of Azure Blob Storage, on a loopback port: a process of the tests' own. It starts when it is first asked for and ends with the tests. It keeps everything in memory.</summary>
public sealed partial class AzuriteServer : IAsyncDisposable
{
    /// <summary>The account's key, which is the same in each Azurite and known to all.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly SemaphoreSlim gate = new(1, 1);
    private Process? server;

    /// <summary>The account's blob endpoint.</summary>
    public Uri Account { get; private set; } = null!;

    /// <summary>Starts it, if it is not running. Skips the test when it is not installed.</summary>
    public async Task<AzuriteServer> StartAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (server is not null) return this;
            var node = OutsideProgram.Require("node");
            var script = OutsideProgram.RequireFile(Repository.PathOf("tests", "EndToEnd", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js"), "run npm ci in tests/EndToEnd/azurite");
            server = Process.Start(new ProcessStartInfo(node, [script, "--blobPort", "0", "--inMemoryPersistence", "--extentMemoryLimit", "512", "--silent", "--disableTelemetry", "--skipApiVersionCheck"]) { RedirectStandardOutput = true })!;
            Account = await AddressAsync(server);
            return this;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        gate.Dispose();
        if (server is null) return;
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
        server.Dispose();
    }

    [GeneratedRegex(@"listens on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    private static async Task<Uri> AddressAsync(Process server)
    {
        var said = new List<string>();
        while (await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (Listening().Match(line) is { Success: true } found) return new Uri(found.Groups[1].Value + "/devstoreaccount1");
        }

        throw new InvalidOperationException("Azurite did not start: " + string.Join('\n', said));
    }
}
