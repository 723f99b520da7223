using System.Text;
using System.Text.Json.Nodes;
using Etl.LocalCloud;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>A run that one machine began and another goes on with: what they share is the staging bucket, and nothing of a sign-in is in it.</summary>
public sealed class OtherMachineTests : IDisposable
{
    private const int Objects = 60;
    private readonly Workspace first = new();
    private readonly Workspace second = new();

    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task TheOtherMachineTakesTheSameRunAndSignsInAsItself()
    {
        for (var i = 0; i < Objects; i++) first.Write($"data/acme/in/{i:D3}.csv", $"id,name\n{i},n{i}\n");
        await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = first.PathOf("cloud"), S3Folder = first.PathOf("data") }, default);
        var planner = cloud.Assume("etl-runner", TimeSpan.FromHours(1), session: "planner");
        var worker = cloud.Assume("etl-runner", TimeSpan.FromHours(1), session: "worker");

        SetUp(first, cloud, planner);
        using (var process = first.StartEtl("run", "p.yaml", "--parallelism", "2"))
        {
            while (!process.HasExited && Receipts().Count < Objects / 4) await Task.Delay(20);
            Assert.False(process.HasExited, "the first machine finished before it could be stopped");
            process.Kill();
            await process.WaitForExitAsync();
        }

        var (begun, staged) = (Receipts(), cloud.Requests.Count);
        var manifest = Assert.Single(State("manifest.json"));
        SetUp(second, cloud, worker);
        var (proxy, credentials) = await RecordingProxy.StartAsync(second.Write("wif.json", await File.ReadAllBytesAsync(cloud.CredentialsFile)));
        await using var recording = proxy;
        second.Environment["GOOGLE_WIF_CONFIG"] = credentials;
        var run = await second.SucceedAsync("run", "p.yaml");

        // The same run: the plan of the first, what it had staged is not staged again, and all rows are there once.
        Assert.Equal(manifest, Assert.Single(State("manifest.json")));
        Assert.Contains(manifest.Split("/runs/")[1].Split('/')[0], run.Output, StringComparison.Ordinal);
        Assert.Subset(Receipts().ToHashSet(), begun.ToHashSet());
        var uploads = cloud.Requests.Skip(staged).Count(r => r is { Service: "cloud-storage", Method: "POST" } && r.Path.StartsWith("/upload/", StringComparison.Ordinal));
        Assert.True(uploads < 2 * (Objects - begun.Count) + 20, $"{uploads} uploads for {Objects - begun.Count} objects that were left");
        var query = await second.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(DISTINCT id) AS d FROM `proj-ect.apart.t`", "--pipeline", "p.yaml");
        Assert.Matches($@"{Objects} │ +{Objects} │", query.Output);

        // Each proof is of the second machine's own session.
        Assert.NotEmpty(proxy.Requests);
        Assert.All(proxy.Requests.Where(r => r.Path == "/v1/token"), r => Assert.Equal(worker["AWS_ACCESS_KEY_ID"], KeyOf(r)));
        NothingOf(planner, "the bucket", Directory.EnumerateFiles(first.PathOf("cloud", "gcs"), "*", SearchOption.AllDirectories));
        NothingOf(worker, "the bucket", Directory.EnumerateFiles(first.PathOf("cloud", "gcs"), "*", SearchOption.AllDirectories));
        NothingOf(planner, "the second machine", Directory.EnumerateFiles(second.Folder, "*", SearchOption.AllDirectories));
    }

    private static void SetUp(Workspace machine, LocalCloudServer cloud, IReadOnlyDictionary<string, string> session)
    {
        foreach (var (name, value) in cloud.Environment.Concat(session)) machine.Environment[name] = value;
        machine.Write("p.yaml", """
            name: apart
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: apart-staging }
              - bigquery: { project: proj-ect, dataset: apart, table: t }
            """);
    }

    private static string KeyOf(RecordedRequest exchange)
    {
        var proof = JsonNode.Parse(Uri.UnescapeDataString(exchange.Form.Single(f => f.Key == "subject_token").Value))!;
        var authorization = (string)proof["headers"]!.AsArray().Single(h => (string?)h!["key"] == "authorization")!["value"]!;
        return authorization.Split("Credential=")[1].Split('/')[0];
    }

    private static void NothingOf(IReadOnlyDictionary<string, string> session, string where, IEnumerable<string> files)
    {
        var all = files.ToList();
        Assert.NotEmpty(all);
        foreach (var file in all)
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            foreach (var name in (string[])["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
                Assert.False(text.Contains(session[name], StringComparison.Ordinal), $"{Path.GetFileName(file)} of {where} holds {name}");
            Assert.DoesNotContain("ya29.", text, StringComparison.Ordinal);
        }
    }

    private List<string> Receipts() => State("/receipts/split-");

    // The objects of the staging bucket whose names hold a text, each as its name and content, read from the disk.
    private List<string> State(string text)
    {
        var bucket = first.PathOf("cloud", "gcs", "apart-staging");
        return !Directory.Exists(bucket) ? [] :
        [
            .. Directory.GetFiles(bucket, "*.json").Select(sidecar => (Name: (string?)JsonNode.Parse(File.ReadAllText(sidecar))!["Name"] ?? "", Content: sidecar[..^".json".Length]))
                .Where(o => o.Name.Contains(text, StringComparison.Ordinal)).Select(o => $"{o.Name}\n{File.ReadAllText(o.Content)}"),
        ];
    }
}
