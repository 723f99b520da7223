using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Etl.LocalCloud;
using Etl.LocalCloud.Faults;
using Xunit;

namespace Etl.Chaos.Tests;

/// <summary>One seed's clouds, input and pipeline; it runs <c>etl</c> and holds the table against the oracle.</summary>
internal sealed partial class Trial : IAsyncDisposable
{
    private const string Bucket = "chaos-staging";
    private static readonly HttpClient Http = new();
    private readonly Workspace workspace;

    private Trial(LocalCloudServer cloud, Workspace workspace, Random random, TrialMode mode)
    {
        (Cloud, this.workspace) = (cloud, workspace);

        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        workspace.Environment["DOTNET_TieredPGO"] = "0";
        Mode = mode;
        Orders = new Orders(workspace, random, Mode);
        Orders.WriteFirst();
        var formats = random.Next(4) switch { 0 => "format: ndjson, compression: gzip", 1 => "format: csv, compression: none", _ => "format: parquet, compression: zstd" };
        workspace.Write("p.yaml", $$"""
            name: chaos
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms:
              - csv: { columns: [ { name: id, type: INT64 }, { name: qty, type: INT64 }, { name: price, type: NUMERIC }, { name: note, type: STRING }, { name: ver, type: INT64 }, { name: day, type: DATE } ], rejects: { max: 60% } }
            sinks:
              - gcs: { bucket: {{Bucket}}, chunk_mib: 1, {{formats}} }
              - bigquery: { project: proj-ect, dataset: chaos, table: t, {{Mode.Table}} }
            """ + "\n" + Mode.More);
    }

    public LocalCloudServer Cloud { get; }

    public TrialMode Mode { get; }

    public Orders Orders { get; }

    [GeneratedRegex(@"([\d,]+) read = ([\d,]+) loaded \+ ([\d,]+) rejected \+ ([\d,]+) filtered")]
    private static partial Regex Counts { get; }

    public static async Task<Trial> StartAsync(Random random, TrialMode mode)
    {
        var workspace = new Workspace();
        Directory.CreateDirectory(workspace.PathOf("data"));
        var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data") }, default);
        return new Trial(cloud, workspace, random, mode);
    }

    /// <summary>Runs the pipeline to its end: well, or with an error in words for a person.</summary>
    public async Task<Finished> RunAsync()
    {
        var run = await workspace.EtlAsync("run", "p.yaml");
        Assert.True(run.ExitCode is 0 or 1, run.ToString());
        Assert.True(run.ExitCode == 0 || (run.Error.Contains("error: ", StringComparison.Ordinal) && !run.Error.Contains("   at ", StringComparison.Ordinal)), run.ToString());
        return run;
    }

    /// <summary>Runs one step of a run that tasks share.</summary>
    public Task<Finished> StepAsync(params string[] arguments) => workspace.EtlAsync(arguments);

    /// <summary>Runs the pipeline and kills the process at once when <paramref name="instant"/> comes.</summary>
    /// <returns>Whether it was killed before it ended by itself.</returns>
    public Task<bool> KillAsync(Func<Process, Task> instant) => KillAsync(instant, "run", "p.yaml");

    /// <summary>Runs a command and kills its process at once when <paramref name="instant"/> comes.</summary>
    /// <returns>Whether it was killed before it ended by itself.</returns>
    public async Task<bool> KillAsync(Func<Process, Task> instant, params string[] command)
    {
        using var process = workspace.StartEtl(command);
        // Nobody reads what it says; a full pipe must not stop it.
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await instant(process);
        var alive = !process.HasExited;
        if (alive) process.Kill();
        await process.WaitForExitAsync();
        await said;
        return alive;
    }

    /// <summary>Runs without faults until there is nothing new to load, and holds the table against the oracle after each run.</summary>
    public async Task<int> FinishAsync()
    {
        Cloud.Faults.Use(new FaultPlan());
        for (var runs = 1; runs <= 4; runs++)
        {
            var run = await RunAsync();
            Assert.True(run.ExitCode == 0, run.ToString());
            if (Counts.Match(run.Output) is { Success: true } counts)
            {
                var numbers = counts.Groups.Values.Skip(1).Select(g => long.Parse(g.Value.Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)).ToList();
                Assert.Equal(numbers[0], numbers[1] + numbers[2] + numbers[3]);
            }

            // A run that finished what another began looks for nothing new.
            if (!run.Output.Contains("this run finished it", StringComparison.Ordinal) && !run.Error.Contains("this run finished it", StringComparison.Ordinal))
            {
                await CheckTableAsync();
                await workspace.SucceedAsync("gc", "p.yaml", "--older-than", "0s", "--yes");
                await CheckStagingAsync();
                return runs;
            }
        }

        throw new InvalidOperationException("Four runs without faults and kills did not end.");
    }

    /// <summary>The table holds the oracle's rows, each once.</summary>
    public async Task CheckTableAsync()
    {
        var found = await RowsAsync("SELECT id, qty, price, note, ver FROM `proj-ect.chaos.t`");
        var byId = found.GroupBy(r => r[0]).ToDictionary(g => g.Key, g => g.ToList());
        var twice = byId.Where(g => g.Value.Count > 1).Select(g => g.Key).ToList();
        var missing = Orders.Expected.Keys.Except(byId.Keys).ToList();
        var strange = byId.Keys.Except(Orders.Expected.Keys).ToList();
        Assert.True(twice.Count + missing.Count + strange.Count == 0, $"{twice.Count} rows twice ({string.Join(',', twice.Take(5))}), {missing.Count} missing ({string.Join(',', missing.Take(5))}), {strange.Count} strange ({string.Join(',', strange.Take(5))}) of {Orders.Expected.Count}");
        Assert.All(found, row => Assert.Equal(Orders.Expected[row[0]], new OrderRow(row[1], row[2], row[3], long.Parse(row[4], System.Globalization.CultureInfo.InvariantCulture))));
    }

    /// <summary>Nothing is staged any more, no run's records are left, and no temporary table.</summary>
    private async Task CheckStagingAsync()
    {
        var listing = await GetAsync(new Uri(Cloud.Endpoints.CloudStorage, $"/storage/v1/b/{Bucket}/o?maxResults=1000"));
        var names = (listing["items"] as JsonArray ?? []).Select(i => (string)i!["name"]!).ToList();
        Assert.DoesNotContain(names, n => !n.StartsWith("_etl/", StringComparison.Ordinal) || n.StartsWith("_etl/chaos/runs/", StringComparison.Ordinal));
        var tables = (await GetAsync(new Uri(Cloud.Endpoints.BigQuery, "/bigquery/v2/projects/proj-ect/datasets/chaos/tables")))["tables"]!.AsArray();
        Assert.Equal("t", Assert.Single(tables)!["tableReference"]!["tableId"]!.GetValue<string>());
    }

    private async Task<List<string[]>> RowsAsync(string sql)
    {
        using var content = new StringContent(new JsonObject { ["query"] = sql, ["useLegacySql"] = false }.ToJsonString(), Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Cloud.Endpoints.BigQuery, "/bigquery/v2/projects/proj-ect/queries")) { Content = content };
        var answer = await SendAsync(request);
        Assert.Null(answer["pageToken"]);
        return [.. (answer["rows"] as JsonArray ?? []).Select(r => r!["f"]!.AsArray().Select(c => (string)c!["v"]!).ToArray())];
    }

    private async Task<JsonNode> GetAsync(Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        return await SendAsync(request);
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Cloud.SignInAs("oracle@example.com"));
        using var response = await Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        workspace.Dispose();
    }
}
