using System.Text;
using System.Text.RegularExpressions;
using Etl.LocalCloud;
using Etl.LocalCloud.Homes;
using Etl.LocalCloud.Iam;
using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>Every secret of every place carries a mark. Runs that work and runs that fail, at the most verbose level, leave no mark anywhere: not on the terminal, not in state, manifests, receipts, dead letters or any other file.</summary>
public sealed partial class CanaryTests : IDisposable
{
    private readonly Workspace workspace = new();
    private readonly List<IamBinding> account = [];

    public CanaryTests()
    {
        workspace.Environment["ETL_LOG"] = "trace";
        workspace.Write("data/acme/in/a.csv", "id,name\n1,a\n2,b\nx,c\n");
        workspace.Write("p.yaml", """
            name: canary
            source: { s3: { bucket: acme, prefix: in/ } }
            transforms: [ csv: { schema: infer, columns: [ { name: id, type: INT64 } ], rejects: { max: 50% } } ]
            sinks:
              - gcs: { bucket: canary-staging }
              - bigquery: { project: proj-ect, dataset: canary, table: t }
            """);
    }

    public void Dispose() => workspace.Dispose();

    public static TheoryData<Home> Homes => [.. Enum.GetValues<Home>()];

    [Theory]
    [MemberData(nameof(Homes))]
    public async Task NoSecretOfAHomeIsEverWritten(Home home)
    {
        await using var cloud = await LocalCloudServer.StartAsync(
            new LocalCloudOptions { DataFolder = workspace.PathOf("cloud"), S3Folder = workspace.PathOf("data"), Home = home, Policy = new CloudPolicy { ServiceAccount = new ServiceAccountPolicy { Bindings = account } } }, default);
        foreach (var (name, value) in cloud.Environment) workspace.Environment[name] = value;
        var secrets = Planted(cloud, home);

        // The account may not be used yet, so where one is needed the sign-in is refused at its last step.
        var refused = await workspace.EtlAsync("run", "p.yaml");
        account.Add(new IamBinding("roles/iam.workloadIdentityUser", ["principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/*"]));
        account.Add(new IamBinding("roles/iam.serviceAccountTokenCreator", ["user:analyst@acme.example"]));
        var done = await workspace.SucceedAsync("run", "p.yaml");
        Spoil(home);
        var spoiled = await workspace.EtlAsync("query", "SELECT 1", "--pipeline", "p.yaml");

        Assert.Contains("3 read = 2 loaded + 1 rejected", refused.Output + done.Output, StringComparison.Ordinal);
        Assert.Contains("Signed in to Google Cloud", done.Error, StringComparison.Ordinal);
        // A person and a machine's own account act for nobody else.
        Assert.Equal(home is Home.GoogleCloud or Home.Gcloud ? 0 : 1, refused.ExitCode);
        Assert.Equal(1, spoiled.ExitCode);
        foreach (var (what, text) in Written(refused, done, spoiled))
        {
            Assert.False(Mark().IsMatch(text), $"{what} holds a secret: {string.Concat(Mark().Match(text).Value.Take(12))}…");
            foreach (var secret in secrets) Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{what} holds a secret of {home}");
        }
    }

    [Theory]
    [InlineData("""{"type":"service_account","private_key":"localsecret-canary","private_key_id":"localsecret-canary"}""")]
    [InlineData("""{"type":"external_account","audience":"localsecret-canary","subject_token_type":"localsecret-canary"}""")]
    [InlineData("""{"type":"external_account","client_secret":"localsecret-canary","credential_source":{"executable":{"command":"localsecret-canary"}},"audience":"a"}""")]
    [InlineData("""{"type":"authorized_user","refresh_token":"localsecret-canary"}""")]
    [InlineData("""{"type":"external_account", localsecret-canary""")]
    [InlineData("""{"type":"impersonated_service_account","source_credentials":{"type":"service_account","private_key":"localsecret-canary"}}""")]
    [InlineData("""{"type":"impersonated_service_account","service_account_impersonation_url":"https://localsecret-canary@evil.example/localsecret-canary","source_credentials":{"type":"authorized_user","refresh_token":"localsecret-canary"}}""")]
    [InlineData("""{"type":"external_account","audience":"a","subject_token_type":"urn:ietf:params:aws:token-type:aws4_request","token_url":"https://localsecret-canary:localsecret-canary@evil.example/?localsecret-canary","credential_source":{"environment_id":"aws1","regional_cred_verification_url":"https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}}""")]
    public async Task ARefusedCredentialsFileIsNotQuoted(string content)
    {
        workspace.Environment["GOOGLE_APPLICATION_CREDENTIALS"] = workspace.Write("credentials.json", content);

        var run = await workspace.EtlAsync("query", "SELECT 1", "--project", "proj-ect");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("credentials.json", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("localsecret", run.Output + run.Error, StringComparison.Ordinal);
    }

    // That the marks are there to be found.
    private List<string> Planted(LocalCloudServer cloud, Home home)
    {
        var secrets = cloud.Environment.Where(v => v.Key is "AWS_SECRET_ACCESS_KEY" or "AWS_SESSION_TOKEN" or "AWS_CONTAINER_AUTHORIZATION_TOKEN").Select(v => v.Value).ToList();
        Assert.All(secrets, secret => Assert.Matches(Mark(), secret));
        var folder = workspace.PathOf("cloud", "home");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText).ToList() : [];
        Assert.True(secrets.Count > 0 || files.Exists(Mark().IsMatch) || home is Home.Ecs or Home.Ec2, $"{home} holds no secret");
        return secrets;
    }

    // The means to sign in break: what the error then says must not quote them.
    private void Spoil(Home home)
    {
        foreach (var name in (string[])["AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"])
            if (workspace.Environment.TryGetValue(name, out var value) && value is not null)
                workspace.Environment[name] = value + "0";
        if (home is Home.Ecs or Home.SnapStart or Home.PodIdentity) workspace.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] += "/elsewhere?token=localtoken-canary";
        if (home is Home.Ec2) workspace.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        if (home is Home.GoogleCloud) workspace.Environment["GCE_METADATA_HOST"] = "user:localtoken-canary@127.0.0.1:1";
        foreach (var file in Directory.Exists(workspace.PathOf("cloud", "home")) ? Directory.GetFiles(workspace.PathOf("cloud", "home"), "*", SearchOption.AllDirectories) : [])
            if (file.EndsWith("-token", StringComparison.Ordinal)) File.WriteAllText(file, "localtoken-canary");
            else if (!file.EndsWith("config", StringComparison.Ordinal)) File.WriteAllText(file, MarkedValue().Replace(File.ReadAllText(file), "$0-canary"));
    }

    private IEnumerable<(string What, string Text)> Written(params Finished[] commands)
    {
        foreach (var command in commands) yield return ("a command", command.Output + command.Error);
        var found = 0;
        foreach (var file in Directory.EnumerateFiles(workspace.Folder, "*", SearchOption.AllDirectories).Where(f => !f.StartsWith(workspace.PathOf("cloud", "home"), StringComparison.Ordinal)))
        {
            found++;
            yield return (Path.GetRelativePath(workspace.Folder, file), Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        }

        // Manifest, receipt, state, dead letters, staged file and the table.
        Assert.True(found > 6, $"only {found} files were written");
    }

    [GeneratedRegex("local(secret|token|sso|oauth|github|imds|snapstart)[0-9a-f-]{8}|ya29\\.local-|eyJ[A-Za-z0-9_-]{10,}\\.|Signature=[0-9a-f]{64}|local[a-z]+-canary")]
    private static partial Regex Mark();

    [GeneratedRegex("local(secret|token|sso|oauth|github)[0-9a-f]{29,}")]
    private static partial Regex MarkedValue();
}
