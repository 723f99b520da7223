using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary><c>etl auth check</c> and <c>etl auth setup</c>, as they are typed.</summary>
public sealed partial class AuthTests : IDisposable
{
    private const string ReadTree = """
        import json, runpy, sys
        tree = runpy.run_path(sys.argv[1])['STATIC_COMPLETION_CLI_TREE']
        known = {}
        for path in sys.argv[2:]:
            node = tree
            for word in path.split():
                node = node['commands'][word]
            known[path] = list(node['flags']) + list(tree['flags'])
        print(json.dumps(known))
        """;

    private static readonly string[] Setup = ["auth", "setup", "pipelines/orders.yaml", "--project-number", "123456789", "--role", "arn:aws:iam::123456789012:role/team/etl-runner"];
    private const char Between = '\u001f';
    private readonly Workspace workspace = new();

    public AuthTests() => workspace.CopyPipelines();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheLocalCloudsSignInIsWalkedToTheEnd()
    {
        var check = await workspace.SucceedAsync("auth", "check", "pipelines/orders.yaml", "--local");

        Assert.Contains("arn:aws:sts::123456789012:assumed-role/etl-runner/local-session", check.Output, StringComparison.Ordinal);
        Assert.Contains("✔ Source  s3", check.Output, StringComparison.Ordinal);
        Assert.Contains("Everything works.", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureIsExitCodeOneAndACauseInJson()
    {
        workspace.Write("policy.json", """{ "serviceAccount": { "bindings": [ { "role": "roles/iam.workloadIdentityUser", "members": [ "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/attribute.aws_role/arn:aws:iam::123456789012:role/etl-runner" ] } ] } }""");
        await using var cloud = await LocalCloudProcess.StartAsync(workspace, "--policy", "policy.json");

        var check = await workspace.EtlAsync("auth", "check", "--json");

        Assert.Equal(1, check.ExitCode);
        var steps = JsonNode.Parse(check.Output)!["steps"]!.AsArray();
        Assert.Equal(("impersonation", "failed", "iam-role-arn-in-binding"), ((string)steps[^1]!["step"]!, (string)steps[^1]!["status"]!, (string)steps[^1]!["cause"]!));
    }

    [Fact]
    public async Task TheCredentialsMayStandInTheVariableItself()
    {
        await using var cloud = await LocalCloudProcess.StartAsync(workspace);
        workspace.Environment["GOOGLE_WIF_CONFIG"] = await File.ReadAllTextAsync(cloud.Environment["GOOGLE_WIF_CONFIG"]);

        // The pipeline file says `credentials: ${GOOGLE_WIF_CONFIG:-wif.json}`.
        var check = await workspace.EtlAsync("auth", "check", "pipelines/orders.yaml");

        Assert.Contains("✔ Credentials file  (JSON in google: credentials:)", check.Output, StringComparison.Ordinal);
        Assert.Contains("✔ Impersonation", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APipelineFileThatIsWrongIsExitCodeTwo()
    {
        workspace.Write("p.yaml", "name: wrong\nsauce: {}\n");

        Assert.Equal(2, (await workspace.EtlAsync("auth", "check", "p.yaml")).ExitCode);
    }

    [Fact]
    public async Task ASetUpIsWrittenOnceAndNothingIsOverwritten()
    {
        var first = await workspace.SucceedAsync(Setup);
        var again = await workspace.SucceedAsync(Setup);
        var other = await workspace.EtlAsync([.. Setup, "--pool", "another-pool"]);
        var forced = await workspace.EtlAsync([.. Setup, "--pool", "another-pool", "--force"]);

        Assert.Equal(first.Output, again.Output);
        Assert.Contains("unchanged wif.json", again.Error, StringComparison.Ordinal);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("wif.json is there and would change. Nothing was written.", other.Error, StringComparison.Ordinal);
        Assert.Equal(0, forced.ExitCode);
        Assert.Contains("another-pool", await File.ReadAllTextAsync(workspace.PathOf("wif.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARoleThatIsNoneIsExitCodeTwoAndNothingIsWritten()
    {
        var refused = await workspace.EtlAsync("auth", "setup", "--project", "acme-analytics", "--project-number", "123456789", "--role", "arn:aws:iam::123456789012:user/me");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("is no role", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.PathOf("wif.json")));
    }

    [Fact]
    public async Task TheScriptIsOneThatBashCanRead()
    {
        var setup = await workspace.SucceedAsync(Setup);
        workspace.Write("setup.sh", setup.Output);

        var read = await workspace.RunAsync("bash", "-n", "setup.sh");

        Assert.True(read.ExitCode == 0, read.ToString());
    }

    [Fact]
    public async Task TheScriptGivesEachCommandItsArgumentsAsTheyAreMeant()
    {
        var script = await workspace.SucceedAsync([.. Setup, "--session-prefix", "nightly+=,.@"]);
        workspace.Write("setup.sh", script.Output);

        var first = await RunScriptAsync(there: false);
        var again = await RunScriptAsync(there: true);

        const string project = "--project=acme-analytics", location = "--location=global", loader = "etl-loader@acme-analytics.iam.gserviceaccount.com";
        string[] provider = ["--workload-identity-pool=etl-pool", location, project, "--account-id=123456789012",
            "--attribute-mapping=google.subject=assertion.arn,attribute.aws_role=assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn",
            "--attribute-condition=assertion.arn.startsWith('arn:aws:sts::123456789012:assumed-role/etl-runner/nightly+=,.@')"];
        Assert.Contains(Call(["gcloud", "iam", "workload-identity-pools", "create", "etl-pool", location, project, "--display-name=Etl"]), first);
        Assert.Contains(Call(["gcloud", "iam", "workload-identity-pools", "providers", "create-aws", "aws", .. provider]), first);
        Assert.Contains(Call(["gcloud", "iam", "service-accounts", "create", "etl-loader", project, "--display-name=Etl"]), first);
        Assert.Contains(Call(["gcloud", "storage", "buckets", "add-iam-policy-binding", "gs://acme-staging", "--role=roles/storage.objectUser", "--member=serviceAccount:" + loader]), first);
        Assert.Contains(Call(["bq", "query", "--project_id=acme-analytics", "--use_legacy_sql=false", $"GRANT `roles/bigquery.dataEditor` ON SCHEMA `acme-analytics`.`sales` TO \"serviceAccount:{loader}\""]), first);
        Assert.Contains(Call(["gcloud", "iam", "service-accounts", "add-iam-policy-binding", loader, project, "--role=roles/iam.workloadIdentityUser",
            "--member=principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/etl-pool/attribute.aws_role/arn:aws:sts::123456789012:assumed-role/etl-runner"]), first);
        Assert.Contains(Call(["aws", "iam", "put-role-policy", "--role-name", "etl-runner", "--policy-name", "etl-read-source", "--policy-document", "file://etl-aws-policy.json"]), first);
        // What is there is not made again: the provider is brought to the same state, and bindings are added to themselves.
        Assert.DoesNotContain(again, c => c.Split(Between).Any(word => word is "create" or "create-aws"));
        Assert.Contains(Call(["gcloud", "iam", "workload-identity-pools", "providers", "update-aws", "aws", .. provider]), again);
    }

    [Fact]
    public async Task TheScriptStopsAtTheFirstCommandThatFails()
    {
        workspace.Write("setup.sh", (await workspace.SucceedAsync(Setup)).Output);
        Stub("gcloud", "exit 3");
        Stub("bq", "exit 3");
        Stub("aws", "exit 3");

        var run = await workspace.RunAsync("bash", "setup.sh");

        Assert.Equal(3, run.ExitCode);
        Assert.Single(File.ReadAllLines(workspace.PathOf("calls")));
    }

    [Fact]
    public async Task GcloudKnowsEveryCommandAndFlagOfTheScript()
    {
        var gcloud = OutsideProgram.FindOrSkip("gcloud");
        var script = ContinuedLine().Replace((await workspace.SucceedAsync(Setup)).Output, " ").Replace("\"$provider\"", "create-aws", StringComparison.Ordinal);
        var commands = script.Split('\n').Where(l => !l.StartsWith('#')).SelectMany(l => Gcloud().Matches(l)).Select(m => m.Value).Append("gcloud iam workload-identity-pools providers update-aws aws --account-id=1 --attribute-mapping=a --attribute-condition=b")
            .Select(c => (Path: CommandWords().Match(c).Groups[1].Value.Trim(), Flags: Flag().Matches(c).Select(f => f.Value).ToList()))
            .GroupBy(c => c.Path).Select(g => (Path: g.Key, Flags: g.SelectMany(c => c.Flags).Distinct().ToList())).ToList();

        Assert.True(commands.Count >= 8, string.Join('\n', commands));
        var known = JsonNode.Parse((await PythonAsync(ReadTree, [TreeOf(gcloud), .. commands.Select(c => c.Path)])).Output)!;
        foreach (var (path, flags) in commands)
            Assert.All(flags, f => Assert.Contains(f, known[path]!.AsArray().Select(k => (string?)k)));
    }

    // The tree of commands and flags that gcloud completes from: as its help says, at a fraction of the time.
    private static string TreeOf(string gcloud)
    {
        var program = File.ResolveLinkTarget(gcloud, returnFinalTarget: true)?.FullName ?? gcloud;
        var tree = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(program))!, "data", "cli", "gcloud_completions.py");
        Assert.SkipUnless(File.Exists(tree), $"{tree} is not there");
        return tree;
    }

    private async Task<Finished> PythonAsync(string script, params string[] arguments)
    {
        var finished = await workspace.RunAsync("python3", ["-c", script, .. arguments]);
        Assert.True(finished.ExitCode == 0, finished.ToString());
        return finished;
    }

    [Fact]
    public async Task TheCredentialsFileSaysWhatGcloudsOwnSays()
    {
        var gcloud = OutsideProgram.FindOrSkip("gcloud");
        await workspace.SucceedAsync(Setup);
        var made = await workspace.RunAsync(
            gcloud, "iam", "workload-identity-pools", "create-cred-config", "projects/123456789/locations/global/workloadIdentityPools/etl-pool/providers/aws",
            "--service-account=etl-loader@acme-analytics.iam.gserviceaccount.com", "--aws", "--enable-imdsv2", "--output-file=gcloud.json");
        Assert.True(made.ExitCode == 0, made.ToString());

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(workspace.PathOf("gcloud.json"))), JsonNode.Parse(File.ReadAllText(workspace.PathOf("wif.json")))));
    }

    [Fact]
    public async Task TheTerraformIsReadAndAlreadyFormatted()
    {
        var terraform = OutsideProgram.FindOrSkip("terraform");
        await workspace.SucceedAsync([.. Setup, "--terraform", "--session", "nightly"]);

        var format = await workspace.RunAsync(terraform, "fmt", "-check", "-diff", "etl-auth.tf");

        Assert.True(format.ExitCode == 0, format.ToString());
    }

    [Fact]
    public async Task TheTerraformMeansWhatItsTextSays()
    {
        var terraform = OutsideProgram.FindOrSkip("terraform");
        const string prefix = "a b/${x}%{y}*?\"q\\/";
        await workspace.SucceedAsync([.. Setup, "--terraform", "--session", "nightly+=,.@", "--source", "s3://acme-exports/" + prefix]);
        await workspace.SucceedAsync([.. Setup, "--credentials", "other/wif.json", "--session", "nightly+=,.@", "--source", "s3://acme-exports/" + prefix]);
        var text = await File.ReadAllTextAsync(workspace.PathOf("etl-auth.tf"));
        // The values alone, evaluated: the resources take providers, which take a registry.
        workspace.Write("values/main.tf", string.Join('\n', Value().Matches(text).Select(m => $"output \"{m.Groups[1].Value}\" {{\nvalue = {m.Groups[2].Value}\n}}\n")));
        foreach (string[] step in (string[][])[["init", "-input=false"], ["apply", "-auto-approve", "-input=false"]])
        {
            var done = await workspace.RunAsync(terraform, ["-chdir=values", .. step, "-no-color"]);
            Assert.True(done.ExitCode == 0, done.ToString());
        }

        var values = JsonNode.Parse((await workspace.RunAsync(terraform, "-chdir=values", "output", "-json")).Output)!;

        Assert.Equal("assertion.arn == 'arn:aws:sts::123456789012:assumed-role/etl-runner/nightly+=,.@'", (string?)values["attribute_condition"]!["value"]);
        Assert.Equal("assertion.arn", (string?)values["attribute_mapping"]!["value"]!["google.subject"]);
        Assert.EndsWith("assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn", (string?)values["attribute_mapping"]!["value"]!["attribute.aws_role"], StringComparison.Ordinal);
        Assert.Equal("principal://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/etl-pool/subject/arn:aws:sts::123456789012:assumed-role/etl-runner/nightly+=,.@", (string?)values["member"]!["value"]);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(await File.ReadAllTextAsync(workspace.PathOf("other", "etl-aws-policy.json"))), JsonNode.Parse((string)values["policy"]!["value"]!)), (string?)values["policy"]!["value"]);
    }

    // Runs the script with programs that write down how they were called; of what is asked for, all is there or nothing.
    private async Task<string[]> RunScriptAsync(bool there)
    {
        File.Delete(workspace.PathOf("calls"));
        Stub("gcloud", $"case \" $* \" in *' describe '*) exit {(there ? 0 : 1)};; esac");
        Stub("bq", "");
        Stub("aws", "");
        var run = await workspace.RunAsync("bash", "setup.sh");
        Assert.True(run.ExitCode == 0, run.ToString());
        return await File.ReadAllLinesAsync(workspace.PathOf("calls"));
    }

    private static string Call(params string[] words) => string.Concat(words.Select(w => w + Between));

    private void Stub(string program, string then)
    {
        var path = workspace.Write(Path.Combine("bin", program), $$"""
            #!/bin/sh
            { printf '%s\037' {{program}} "$@"; echo; } >> calls
            {{then}}
            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        workspace.Environment["PATH"] = workspace.PathOf("bin") + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH");
    }

    [GeneratedRegex(@"^ *(attribute_condition|attribute_mapping|policy|member)(?: +)= (""principal.*|""assertion.*|\{\n(?:    .*\n)+  \}|<<-EOT\n(?:.*\n)*? +EOT$)", RegexOptions.Multiline)]
    private static partial Regex Value();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex ContinuedLine();

    [GeneratedRegex(@"gcloud [^>|;]+")]
    private static partial Regex Gcloud();

    [GeneratedRegex(@"^gcloud ((?:(?:iam|services|storage|projects|workload-identity-pools|providers|service-accounts|buckets|enable|describe|create|create-aws|update-aws|add-iam-policy-binding)(?=\s|$) ?)+)")]
    private static partial Regex CommandWords();

    [GeneratedRegex(@"(?<=\s)--[a-z-]+(?==)")]
    private static partial Regex Flag();
}
