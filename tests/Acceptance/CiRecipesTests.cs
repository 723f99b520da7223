using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Etl.Acceptance.Tests;

/// <summary>What docs/ci.md gives to users: the workflow for GitHub Actions, and the hook for pre-commit.</summary>
public sealed class CiRecipesTests : IDisposable
{
    private const string Wrong = "pipelines/orders.yaml:8:1: unknown key \"tranforms\"; did you mean \"transforms\"?";
    private static readonly string Recipes = Repository.PathOf("deploy", "github-actions");
    private readonly Workspace workspace = new();

    public CiRecipesTests()
    {
        workspace.CopyPipelines();
        // The command, as a user has it on the path.
        Program("etl", $"""exec dotnet '{Workspace.Etl}' "$@" """);
        workspace.Environment["PATH"] = workspace.PathOf("bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
    }

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheWorkflowIsOneThatGitHubTakes()
    {
        var node = OutsideProgram.Require("node");
        var validator = OutsideProgram.RequireFile(Repository.PathOf("tests", "Acceptance", "deploy", "node_modules", "@action-validator", "cli", "cli.mjs"), "run npm ci in tests/Acceptance/deploy");
        var text = await File.ReadAllTextAsync(Path.Combine(Recipes, "etl.yml"));
        workspace.Write("right.yml", text);
        workspace.Write("wrong.yml", text.Replace("id-token: write", "id_token: write", StringComparison.Ordinal));

        var right = await workspace.RunAsync(node, validator, "right.yml");
        var wrong = await workspace.RunAsync(node, validator, "wrong.yml");

        Assert.True(right.ExitCode == 0, right.ToString());
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("id_token", wrong.Output + wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheWorkflowChecksPipelinesAndItsMatcherReadsTheErrors()
    {
        // A container is the command alone, with what comes after the image.
        Program("docker", """while [ "$1" != "$ETL_IMAGE" ]; do shift; done; shift; exec etl "$@" """);
        workspace.Environment["ETL_IMAGE"] = "registry.example/etl:1";
        var check = Scripts("validate").Single(s => s.Contains("docker run", StringComparison.Ordinal));
        workspace.Write("check.sh", check);

        var right = await workspace.RunAsync("bash", "-e", "check.sh");
        Break();
        var wrong = await workspace.RunAsync("bash", "-e", "check.sh");

        Assert.True(right.ExitCode == 0, right.ToString());
        Assert.Contains("pipelines/orders.yaml: ok (orders)", right.Output, StringComparison.Ordinal);
        Assert.Equal(2, wrong.ExitCode);
        var matcher = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Recipes, "etl-problem-matcher.json")))!["problemMatcher"]![0]!["pattern"]![0]!;
        var line = wrong.Error.Split('\n').Select(l => Regex.Match(l, (string)matcher["regexp"]!)).First(m => m.Groups[(int)matcher["line"]!].Value == "8");
        Assert.Equal(("pipelines/orders.yaml", "1"), (line.Groups[(int)matcher["file"]!].Value, line.Groups[(int)matcher["column"]!].Value));
    }

    [Fact]
    public async Task TheWorkflowRunsThePipelineThatWasAskedFor()
    {
        Program("docker", """printf '%s\n' "$@" > arguments""");
        foreach (var (name, value) in new[] { ("ETL_IMAGE", "registry.example/etl:1"), ("PIPELINE", "pipelines/a b.yaml"), ("GOOGLE_FILE", "/tmp/google.json") }) workspace.Environment[name] = value;
        workspace.Write("run.sh", Scripts("run").Single(s => s.Contains("docker run", StringComparison.Ordinal)));

        var run = await workspace.RunAsync("bash", "-e", "run.sh");

        Assert.True(run.ExitCode == 0, run.ToString());
        var arguments = await File.ReadAllLinesAsync(workspace.PathOf("arguments"));
        Assert.Equal(["registry.example/etl:1", "run", "pipelines/a b.yaml", "--wait=10m"], arguments[^4..]);
        Assert.Contains("/tmp/google.json:/google.json:ro", arguments);
        Assert.Contains("AWS_SESSION_TOKEN", arguments);
    }

    [Fact]
    public async Task TheHookStopsACommitOfAPipelineThatIsWrong()
    {
        OutsideProgram.Require("pre-commit");
        OutsideProgram.Require("git");
        workspace.Write("hooks/.pre-commit-hooks.yaml", await File.ReadAllBytesAsync(Repository.PathOf(".pre-commit-hooks.yaml")));
        await GitAsync("-C", "hooks", "init", "-q");
        await GitAsync("-C", "hooks", "add", "-A");
        await GitAsync("-C", "hooks", "commit", "-qm", "hooks");
        var revision = (await GitAsync("-C", "hooks", "rev-parse", "HEAD")).Output.Trim();
        await GitAsync("init", "-q");
        workspace.Write(".pre-commit-config.yaml", $"repos:\n  - repo: {workspace.PathOf("hooks")}\n    rev: {revision}\n    hooks:\n      - id: etl-validate\n");
        workspace.Write("other/compose.yaml", "services: {}\n");
        await GitAsync("add", "pipelines", "other", ".pre-commit-config.yaml");

        var right = await workspace.RunAsync("pre-commit", "run");
        Break();
        await GitAsync("add", "pipelines");
        var wrong = await workspace.RunAsync("pre-commit", "run");

        Assert.True(right.ExitCode == 0, right.ToString());
        Assert.Contains("Passed", right.Output, StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains(Wrong, wrong.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("compose.yaml", wrong.Output, StringComparison.Ordinal);
    }

    private void Break()
    {
        var path = workspace.PathOf("pipelines", "orders.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\ntransforms:", "\ntranforms:", StringComparison.Ordinal));
    }

    private void Program(string name, string body)
    {
        var path = workspace.Write($"bin/{name}", $"#!/bin/sh\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<Finished> GitAsync(params string[] arguments)
    {
        var git = await workspace.RunAsync("git", ["-c", "user.name=etl", "-c", "user.email=etl@example.com", .. arguments]);
        Assert.True(git.ExitCode == 0, git.ToString());
        return git;
    }

    private static IEnumerable<string> Scripts(string job)
    {
        var yaml = new YamlStream();
        using var text = File.OpenText(Path.Combine(Recipes, "etl.yml"));
        yaml.Load(text);
        var steps = (YamlSequenceNode)yaml.Documents[0].RootNode["jobs"][job]["steps"];
        return steps.Cast<YamlMappingNode>().Where(s => s.Children.ContainsKey("run")).Select(s => ((YamlScalarNode)s["run"]).Value!);
    }
}
