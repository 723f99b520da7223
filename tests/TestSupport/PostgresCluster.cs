using System.Diagnostics;
using Xunit;

namespace Etl.TestSupport;

/// <summary>A PostgreSQL server of the tests' own, in a temporary folder, reached by a Unix socket alone. It starts when it is first asked for and ends with the tests.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private const string Superuser = "etl_test";
    private readonly SemaphoreSlim gate = new(1, 1);
    private string? folder;
    private string? binaries;
    private int databases;

    /// <summary>The user that tests sign in as.</summary>
    public static string User => Superuser;

    /// <summary>The folder of the socket, which is the host to connect to. Skips the test when PostgreSQL is not installed.</summary>
    public async Task<string> HostAsync()
    {
        await gate.WaitAsync();
        try
        {
            if (folder is not null) return folder;
            binaries = Find();
            OutsideProgram.RequireThat(binaries is not null, "PostgreSQL is not installed: apt-get install postgresql");
            // A socket's path has at most 107 bytes.
            var made = Directory.CreateTempSubdirectory("etlpg-").FullName;
            if (IsRoot) await ShortProgram.SucceedAsync("/", "chown", "postgres", made);
            await AsServerAsync("initdb", "-D", Path.Combine(made, "data"), "-U", Superuser, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8");
            await AsServerAsync("pg_ctl", "-D", Path.Combine(made, "data"), "-w", "-l", Path.Combine(made, "log"), "-o", $"-c listen_addresses='' -c unix_socket_directories='{made}' -c fsync=off -c max_connections=50", "start");
            return folder = made;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var host = await HostAsync();
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ShortProgram.SucceedAsync("/", Path.Combine(binaries!, "createdb"), "-h", host, "-U", Superuser, name);
        return name;
    }

    /// <summary>What a query returns, by psql: a line a row, bars between values.</summary>
    public async Task<string> QueryAsync(string database, string sql) =>
        (await ShortProgram.SucceedAsync("/", Path.Combine(binaries!, "psql"), "-h", await HostAsync(), "-U", Superuser, "-d", database, "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", sql)).TrimEnd('\n');

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (folder is null) return;
        await AsServerAsync("pg_ctl", "-D", Path.Combine(folder, "data"), "-m", "immediate", "-w", "stop");
        Directory.Delete(folder, recursive: true);
    }

    private static bool IsRoot => System.Environment.UserName == "root";

    private static string? Find() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).OrderDescending().FirstOrDefault()
        : null;

    // The server refuses to run as root.
    private async Task AsServerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(binaries!, program);
        var start = IsRoot ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", path, .. arguments]) : new ProcessStartInfo(path, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.WorkingDirectory) = (true, true, "/");
        using var process = Process.Start(start)!;
        // pg_ctl's server inherits what it writes to: nothing is waited for but the end of the program.
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
