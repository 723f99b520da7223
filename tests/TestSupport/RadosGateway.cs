using System.Diagnostics;
using Xunit;
using Xunit.Sdk;

namespace Etl.TestSupport;

/// <summary>
/// Ceph's S3 server on a loopback port, with the smallest cluster it can live in: one monitor and one object store in memory, processes of the tests' own in a temporary folder.
/// It starts when it is first asked for, which takes some ten seconds, and ends with the tests.
/// </summary>
public sealed class RadosGateway : IAsyncDisposable
{
    /// <summary>The user's access key.</summary>
    public const string AccessKey = "ETLTESTACCESSKEY";

    /// <summary>The user's secret key.</summary>
    public const string SecretKey = "etl-test-secret-of-the-gateway";

    private const int Attempts = 5;
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);
    private readonly Lazy<Task<Uri>> start;
    private readonly List<(string Name, Process Process)> daemons = [];
    private string folder = "";

    /// <summary>One that is not started.</summary>
    public RadosGateway() => start = new(StartAsync);

    /// <summary>Where it answers. Skips the test where Ceph is not installed.</summary>
    public Task<Uri> AddressAsync()
    {
        foreach (var program in (string[])["radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph", "monmaptool"]) OutsideProgram.Require(program);
        // Once: one that cannot start would cost each test the longest wait.
        return start.Value;
    }

    /// <summary>The variables that lead a client to it and sign it in.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync() => new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_ENDPOINT_URL_S3"] = (await AddressAsync()).AbsoluteUri,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (_, daemon) in Enumerable.Reverse(daemons))
        {
            if (!daemon.HasExited) daemon.Kill();
            await daemon.WaitForExitAsync();
            daemon.Dispose();
        }

        daemons.Clear();
        if (folder.Length > 0) Directory.Delete(folder, recursive: true);
        folder = "";
    }

    // Now and then one of Ceph's programs asks a monitor that has just started before it knows the cluster's id, is told "wrong fsid", and fails.
    private async Task<Uri> StartAsync()
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await StartClusterAsync();
            }
            catch (XunitException) when (attempt < Attempts)
            {
                await DisposeAsync();
            }
    }

    private async Task<Uri> StartClusterAsync()
    {
        folder = Directory.CreateTempSubdirectory("etlceph-").FullName;
        var (monitor, web, cluster) = (LoopbackPort.Free(), LoopbackPort.Free(), Guid.NewGuid().ToString());
        foreach (var inside in (string[])["osd", "rgw"]) Directory.CreateDirectory(Path.Combine(folder, inside));
        await File.WriteAllTextAsync(Path.Combine(folder, "ceph.conf"), Configuration(monitor, web, cluster));
        await ShortProgram.SucceedAsync(folder, "monmaptool", "--create", "--clobber", "--fsid", cluster, "--addv", "a", $"[v1:127.0.0.1:{monitor}]", "monmap");
        await ShortProgram.SucceedAsync(folder, "ceph-mon", "-c", "ceph.conf", "--mkfs", "-i", "a", "--monmap", "monmap");
        Serve("mon.a", "ceph-mon", "-i", "a");
        await ShortProgram.SucceedAsync(folder, "ceph-osd", "-c", "ceph.conf", "-i", "0", "--mkfs");
        // A store in memory has an id of its own choice.
        await ShortProgram.SucceedAsync(folder, "ceph", "-c", "ceph.conf", "--connect-timeout", "60", "osd", "new", (await File.ReadAllTextAsync(Path.Combine(folder, "osd", "fsid"))).Trim());
        // By itself the store would ask for this at its start, when one of four fails.
        await ShortProgram.SucceedAsync(folder, "ceph", "-c", "ceph.conf", "--connect-timeout", "60", "osd", "crush", "add", "osd.0", "1", "root=default", "host=localhost");
        Serve("osd.0", "ceph-osd", "-i", "0");
        Serve("client.rgw", "radosgw", "-n", "client.rgw");
        var found = new Uri($"http://127.0.0.1:{web}/");
        await AnswersAsync(found);
        await ShortProgram.SucceedAsync(folder, "radosgw-admin", "-c", "ceph.conf", "user", "create", "--uid", "etl", "--display-name", "etl", "--access-key", AccessKey, "--secret-key", SecretKey);
        return found;
    }

    // https://docs.ceph.com/en/pacific/rados/configuration/
    private string Configuration(int monitor, int web, string cluster) => $"""
        [global]
        fsid = {cluster}
        mon host = v1:127.0.0.1:{monitor}
        mon initial members = a
        auth cluster required = none
        auth service required = none
        auth client required = none
        ms bind msgr2 = false
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 1
        osd pool default pgp num = 1
        osd pool default pg autoscale mode = off
        mon allow pool size one = true
        mon max pg per osd = 1000
        mon data avail crit = 0
        osd crush chooseleaf type = 0
        osd class update on start = false
        osd crush update on start = false
        osd objectstore = memstore
        memstore device bytes = 1073741824
        run dir = {folder}
        log file = {folder}/$name.log
        admin socket = {folder}/$name.asok
        mon data = {folder}/mon
        osd data = {folder}/osd
        rgw data = {folder}/rgw
        keyring = {folder}/keyring
        rgw frontends = beast endpoint=127.0.0.1:{web}
        rgw run sync thread = false

        """;

    private async Task AnswersAsync(Uri gateway)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var answer = await client.GetAsync(gateway);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception failed) when (failed is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }

            if (daemons.FirstOrDefault(daemon => daemon.Process.HasExited) is { Name: { } ended })
                Assert.Fail($"{ended} ended before Ceph answered; its log says:\n{Errors(ended)}");
            if (clock.Elapsed > LongestStart)
                Assert.Fail($"Ceph did not answer at {gateway} in {LongestStart}; its gateway's log says:\n{Errors("client.rgw")}");
            await Task.Delay(200);
        }
    }

    // The lines of a daemon's log that Ceph marks as errors.
    private string Errors(string daemon) =>
        File.Exists(Path.Combine(folder, daemon + ".log")) ? string.Join('\n', File.ReadLines(Path.Combine(folder, daemon + ".log")).Where(line => line.Contains(" -1 ", StringComparison.Ordinal)).TakeLast(10)) : "nothing";

    private void Serve(string name, string program, params string[] arguments)
    {
        var daemon = Process.Start(new ProcessStartInfo(program, ["-c", "ceph.conf", .. arguments, "-f"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        daemon.OutputDataReceived += (_, _) => { };
        daemon.ErrorDataReceived += (_, _) => { };
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        daemons.Add((name, daemon));
    }
}
