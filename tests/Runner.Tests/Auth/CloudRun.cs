using Etl.Connectors.Gcp.Doctor;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Formats;
using Etl.LocalCloud;
using Etl.LocalCloud.Iam;
using Etl.Runner.Auth;
using Etl.Runner.Hosting;

namespace Etl.Runner.Tests.Auth;

/// <summary>A small main job in a folder of its own, run and checked in this process against a local cloud with one policy or another. The environment is the test's alone.</summary>
internal sealed class CloudRun : IAsyncDisposable
{
    private readonly Dictionary<string, string?> before = [];
    private LocalCloudServer? cloud;

    public CloudRun()
    {
        Set("AWS_EC2_METADATA_DISABLED", "true");
        Set("CLOUDSDK_AUTH_ACCESS_TOKEN", null);
        AddObject("first.csv");
        File.WriteAllText(Path.Combine(Folder, "p.yaml"), """
            name: least
            google: { credentials: wif.json }
            source: { s3: { bucket: acme-exports, prefix: orders/ } }
            transforms: [ csv ]
            sinks:
              - gcs: { bucket: acme-staging, prefix: in/ }
              - bigquery: { project: acme-analytics, dataset: sales, table: orders }
            """);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("etl-auth-").FullName;

    public LocalCloudServer Cloud => cloud!;

    public PipelineDefinition Definition => new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Read(Path.Combine(Folder, "p.yaml"));

    /// <summary>Another object to read.</summary>
    public void AddObject(string name)
    {
        var path = Path.Combine(Folder, "data", "acme-exports", "orders", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"id,name\n1,{name}\n");
    }

    /// <summary>Goes on with another policy over the same data, with the cloud's own credentials file, or another that is led to it.</summary>
    public async Task UseAsync(CloudPolicy policy, Func<LocalCloudServer, string>? credentials = null)
    {
        if (cloud is not null) await cloud.DisposeAsync();
        cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(Folder, "cloud"), S3Folder = Path.Combine(Folder, "data"), Policy = policy }, default);
        foreach (var (name, value) in cloud.Environment) Set(name, value);
        Set("GOOGLE_WIF_CONFIG", null);
        await File.WriteAllTextAsync(Path.Combine(Folder, "wif.json"), credentials?.Invoke(cloud) ?? await File.ReadAllTextAsync(cloud.CredentialsFile));
    }

    /// <summary>Signs in at AWS as another session.</summary>
    public void SignInAs(string role, string session)
    {
        foreach (var (name, value) in Cloud.Assume(role, TimeSpan.FromHours(1), session: session)) Set(name, value);
    }

    /// <summary>Runs the pipeline.</summary>
    public async Task<RunSummary> RunAsync()
    {
        await using var pipeline = Pipeline.Create(Definition, Contexts.For(Definition, local: false), encoding => EncoderFactory.Create(encoding));
        return await new RunEngine(pipeline, new RunProgress(TimeProvider.System), 1).RunAsync(default);
    }

    /// <summary>The failure of running the pipeline, or null when it ran.</summary>
    public async Task<EtlException?> FailureAsync()
    {
        try
        {
            await RunAsync();
            return null;
        }
        catch (EtlException e)
        {
            return e;
        }
    }

    /// <summary>The steps that the doctor finds failed.</summary>
    public async Task<IReadOnlyList<DiagnosisStep>> FailedStepsAsync()
    {
        var context = Contexts.For(Definition, local: false);
        using var doctor = new GoogleDoctor(context);
        var diagnosis = await doctor.CheckAsync(Targets.Of(Definition), default);
        return [.. diagnosis.Steps.Append(await SourceStep.CheckAsync(Definition, context, diagnosis, default)).Where(s => s.Status == StepStatus.Failed)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        if (cloud is not null) await cloud.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private void Set(string name, string? value)
    {
        before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
