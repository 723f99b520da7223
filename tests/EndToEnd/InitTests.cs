using System.Text.Json;
using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>From a sample to a pipeline that runs, with nobody at the terminal.</summary>
public sealed class InitTests : IDisposable
{
    private static readonly string[] Answers = ["--staging", "acme-staging", "--project", "acme", "--dataset", "d"];
    private readonly Workspace workspace = new();

    public InitTests() =>
        workspace.Write("data/crm/in/members.csv", "id,email,joined_on,amount,card\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"{i:D4},user{i}@example.com,2026-11-{i:D2},{i}.5,4111111111111111\n")));

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task ThePipelineIsValidRunsAndHidesWhatIsPersonal()
    {
        var made = await workspace.SucceedAsync(["init", "--from", "s3://crm/in/members.csv", .. Answers, "--local", "--data", "data"]);
        await workspace.SucceedAsync("validate", "members.yaml");
        var run = await workspace.SucceedAsync("run", "members.yaml", "--local", "--data", "data");
        var rows = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, COUNT(card) AS cards, MAX(LENGTH(email)) AS email FROM `acme.d.members`", "--local");

        var yaml = await File.ReadAllTextAsync(workspace.PathOf("members.yaml"));
        Assert.Contains("partition: { column: joined_on, by: day }", yaml, StringComparison.Ordinal);
        Assert.Contains("columns: [email], with: sha256", yaml, StringComparison.Ordinal);
        Assert.Contains("columns: [card], with: redact", yaml, StringComparison.Ordinal);
        foreach (var text in new[] { yaml, made.Output, made.Error }) Assert.DoesNotContain("user1@", text, StringComparison.Ordinal);
        Assert.Contains("20 read = 20 loaded", run.Output, StringComparison.Ordinal);
        Assert.Matches("20 │ +0 │ +64", rows.Output);
    }

    [Fact]
    public async Task WithoutATerminalItSaysWhatIsMissingAndItNeverOverwrites()
    {
        var silent = await workspace.EtlAsync("init", "--from", "data/crm/in/members.csv", "--project", "acme");
        workspace.Write("members.yaml", "mine");
        var taken = await workspace.EtlAsync(["init", "--from", "data/crm/in/members.csv", .. Answers]);
        var wrong = await workspace.EtlAsync(["init", "--from", "data/crm/in/members.csv", .. Answers, "-o", "x.yaml", "--key", "identity"]);

        Assert.Equal((2, 2, 2), (silent.ExitCode, taken.ExitCode, wrong.ExitCode));
        Assert.Contains("Give --staging, --dataset.", silent.Sentence, StringComparison.Ordinal);
        Assert.Contains("--force", taken.Sentence, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(workspace.PathOf("members.yaml")));
        Assert.Contains("no column identity", wrong.Sentence, StringComparison.Ordinal);
        await workspace.SucceedAsync(["init", "--from", "data/crm/in/members.csv", .. Answers, "--force", "--key", "id", "--mask", "none"]);
        Assert.Contains("write: merge", await File.ReadAllTextAsync(workspace.PathOf("members.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InferNamesPersonalColumnsWithoutTheirValues()
    {
        var shown = await workspace.SucceedAsync("infer", "data/crm/in/members.csv");
        var json = JsonDocument.Parse((await workspace.SucceedAsync("infer", "data/crm/in/members.csv", "--json")).Output).RootElement;

        Assert.Contains("email: e-mail address (20 of 20 values", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("user1@", shown.Output, StringComparison.Ordinal);
        Assert.Equal(["email", "card"], json.GetProperty("columns").EnumerateArray().Where(c => c.GetProperty("personal").ValueKind == JsonValueKind.Object).Select(c => c.GetProperty("name").GetString()!));
    }
}
