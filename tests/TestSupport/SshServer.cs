using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Etl.TestSupport;

/// <summary>OpenSSH's server on a loopback port, a process of the tests' own with keys of its own. It starts when it is first asked for and ends with the tests. It lets the user of the tests in, by key.</summary>
public sealed class SshServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/sshd";
    private readonly SemaphoreSlim gate = new(1, 1);
    private string? folder;
    private Process? server;

    /// <summary>The port.</summary>
    public int Port { get; private set; }

    /// <summary>Who may sign in.</summary>
    public static string User => Environment.UserName;

    /// <summary>The file of a private key that signs in.</summary>
    public string KeyFile => Path.Combine(folder!, "user");

    /// <summary>The same, encrypted with <see cref="Passphrase"/>.</summary>
    public string EncryptedKeyFile => Path.Combine(folder!, "encrypted");

    /// <summary>What <see cref="EncryptedKeyFile"/> is encrypted with.</summary>
    public const string Passphrase = "passphrase-2718281828";

    /// <summary>A private key that does not sign in.</summary>
    public string StrangeKeyFile => Path.Combine(folder!, "stranger");

    /// <summary>A file of known servers that has this one.</summary>
    public string KnownHosts => Path.Combine(folder!, "known_hosts");

    /// <summary>The fingerprint of the server's Ed25519 key.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Starts it, if it is not running. Skips the test when it is not installed.</summary>
    public async Task<SshServer> StartAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (server is not null) return this;
            OutsideProgram.RequireThat(File.Exists(Program), "OpenSSH's server is not installed: apt-get install openssh-server");
            folder = Directory.CreateTempSubdirectory("etlssh-").FullName;
            foreach (var (name, type) in new[] { ("host", "ed25519"), ("hostrsa", "rsa"), ("user", "ed25519"), ("stranger", "ed25519") }) await ShortProgram.SucceedAsync(folder, "ssh-keygen", "-q", "-t", type, "-N", "", "-f", Path.Combine(folder, name));
            await ShortProgram.SucceedAsync(folder, "ssh-keygen", "-q", "-t", "ed25519", "-N", Passphrase, "-f", EncryptedKeyFile);
            await File.WriteAllTextAsync(Path.Combine(folder, "authorized"), await PublicAsync("user") + await PublicAsync("encrypted"));
            Fingerprint = (await ShortProgram.SucceedAsync(folder, "ssh-keygen", "-lf", Path.Combine(folder, "host.pub"))).Split(' ')[1];
            Port = LoopbackPort.Free();
            await File.WriteAllTextAsync(KnownHosts, $"[127.0.0.1]:{Port} {await PublicAsync("host")}");
            await File.WriteAllTextAsync(Path.Combine(folder, "config"), $"""
                ListenAddress 127.0.0.1
                Port {Port}
                HostKey {folder}/hostrsa
                HostKey {folder}/host
                AuthorizedKeysFile {folder}/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PermitRootLogin yes
                PasswordAuthentication no
                MaxStartups 100
                Subsystem sftp internal-sftp
                """);
            // Where it runs unprivileged before somebody has signed in.
            if (User == "root") Directory.CreateDirectory("/run/sshd");
            server = Process.Start(new ProcessStartInfo(Program, ["-D", "-E", Path.Combine(folder, "log"), "-f", Path.Combine(folder, "config")]))!;
            await AnswersAsync();
            return this;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Ends the processes that serve connections, as when a network breaks.</summary>
    public async Task BreakConnectionsAsync()
    {
        foreach (var child in await ChildrenAsync(server!.Id)) Process.GetProcessById(child).Kill();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is null) return;
        server.Kill(entireProcessTree: true);
        await server.WaitForExitAsync();
        server.Dispose();
        Directory.Delete(folder!, recursive: true);
    }

    private static async Task<IReadOnlyList<int>> ChildrenAsync(int process) =>
        [.. (await File.ReadAllTextAsync($"/proc/{process}/task/{process}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];

    private Task<string> PublicAsync(string name) => File.ReadAllTextAsync(Path.Combine(folder!, name + ".pub"));

    private async Task AnswersAsync()
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (attempt < 200 && !server!.HasExited)
            {
                await Task.Delay(50);
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException("sshd does not answer: " + await File.ReadAllTextAsync(Path.Combine(folder!, "log")), e);
            }
    }
}
