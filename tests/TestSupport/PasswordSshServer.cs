using System.Diagnostics;
using System.Globalization;

namespace Etl.TestSupport;

/// <summary>AsyncSSH's SFTP server on a loopback port, a process of the tests' own: another implementation of the protocol than OpenSSH's, and one that takes a password without an account of the machine's.</summary>
public sealed class PasswordSshServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process server;
    private readonly string folder;

    private PasswordSshServer(Process server, string folder, int port, string fingerprint) => (this.server, this.folder, Port, Fingerprint) = (server, folder, port, fingerprint);

    /// <summary>Who may sign in.</summary>
    public const string User = "acme";

    /// <summary>And by what.</summary>
    public const string Password = "password-1414213562";

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The fingerprint of the server's key.</summary>
    public string Fingerprint { get; }

    /// <summary>Starts one. Skips the test when AsyncSSH is not installed.</summary>
    /// <param name="dialogue">Whether the password is asked for in a dialogue (<c>keyboard-interactive</c>), and nowhere else.</param>
    public static async Task<PasswordSshServer> StartAsync(bool dialogue)
    {
        OutsideProgram.RequireThat(File.Exists(Python) && (await ShortProgram.RunAsync("/", Python, "-c", "import asyncssh")).ExitCode == 0, "AsyncSSH is not installed: apt-get install python3-asyncssh");
        var folder = Directory.CreateTempSubdirectory("etlssh-").FullName;
        var key = Path.Combine(folder, "host");
        await ShortProgram.SucceedAsync(folder, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
        var fingerprint = (await ShortProgram.SucceedAsync(folder, "ssh-keygen", "-lf", key + ".pub")).Split(' ')[1];
        var server = Process.Start(new ProcessStartInfo(Python, ["-W", "ignore", Repository.PathOf("tests", "TestSupport", "password-sftp.py"), key, User, Password, dialogue ? "dialogue" : "password"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var port = int.Parse(await server.StandardOutput.ReadLineAsync() ?? "", CultureInfo.InvariantCulture);
        return new PasswordSshServer(server, folder, port, fingerprint);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
