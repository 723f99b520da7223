using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.BigQuery;
using Etl.Connectors.Gcp.Doctor;
using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.LocalCloud;
using Etl.LocalCloud.Iam;
using Etl.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Doctor;

/// <summary>A local cloud with a policy, and the doctor in front of it. The environment is this test's alone.</summary>
[Collection("environment variables")]
public abstract class Clinic : IAsyncLifetime
{
    protected const string Pool = "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool";
    private readonly string folder = Directory.CreateTempSubdirectory("etl-doctor-").FullName;
    private readonly Dictionary<string, string?> before = [];

    protected static DoctorTargets Targets { get; } = new(["acme-staging"], [new BigQueryOptions { Project = "acme-analytics", Dataset = "sales", Table = "orders" }]);

    protected LocalCloudServer Cloud { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Set("AWS_EC2_METADATA_DISABLED", "true");
        Set("AWS_CONFIG_FILE", Path.Combine(folder, "no-config"));
        Set("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(folder, "no-credentials"));
        Set("CLOUDSDK_AUTH_ACCESS_TOKEN", null);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) Environment.SetEnvironmentVariable(name, value);
        if (Cloud is not null) await Cloud.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the cloud, and signs in as its default role.</summary>
    protected async Task StartAsync(CloudPolicy? policy = null, TimeProvider? time = null, bool createMissing = true)
    {
        Cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(folder, "cloud"), Policy = policy ?? new CloudPolicy(), Time = time ?? TimeProvider.System, CreateMissing = createMissing }, default);
        foreach (var (name, value) in Cloud.Environment) Set(name, value);
        // The pipeline's own file is used, so that a test can write another.
        Set("GOOGLE_WIF_CONFIG", null);
        File.Copy(Cloud.CredentialsFile, Path.Combine(folder, "wif.json"));
    }

    protected void Set(string name, string? value)
    {
        before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    protected void SignInAs(IReadOnlyDictionary<string, string> credentials)
    {
        foreach (var (name, value) in credentials) Set(name, value);
    }

    /// <summary>Changes the credentials file.</summary>
    protected void Edit(Action<JsonNode> change)
    {
        var path = Path.Combine(folder, "wif.json");
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        change(file);
        File.WriteAllText(path, file.ToJsonString());
    }

    protected async Task<Diagnosis> CheckAsync(DoctorTargets? targets = null)
    {
        var settings = new Dictionary<Type, object> { [typeof(GoogleOptions)] = new GoogleOptions { Credentials = "wif.json" } };
        using var doctor = new GoogleDoctor(new ConnectorContext("doctor", folder, local: false, TimeProvider.System, NullLoggerFactory.Instance, settings));
        return await doctor.CheckAsync(targets ?? Targets, default);
    }

    /// <summary>The one step that failed, with everything before it passed and nothing after it failed.</summary>
    protected static StepProblem OnlyFailure(Diagnosis diagnosis, StepId step, DiagnosisCause cause)
    {
        var failed = Assert.Single(diagnosis.Steps, s => s.Status == StepStatus.Failed);
        Assert.False(diagnosis.Ok);
        Assert.Equal((step, cause), (failed.Id, failed.Problem!.Cause));
        Assert.All(diagnosis.Steps.TakeWhile(s => s != failed), s => Assert.Equal(StepStatus.Passed, s.Status));
        return failed.Problem!;
    }

    /// <summary>An address where nobody listens.</summary>
    protected static string ClosedAddress() => $"http://127.0.0.1:{LoopbackPort.Free()}";
}
