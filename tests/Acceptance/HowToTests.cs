using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>The pages of docs/how-to are true.</summary>
public sealed class HowToTests : IDisposable
{
    private readonly Workspace workspace = new();

    // Pages of commands for an account nobody has here.
    private static readonly string[] NotRun = ["lambda.md", "README.md"];

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Repository.PathOf("docs", "how-to"), "*.md").Select(f => Path.GetFileName(f)!).Except(NotRun).Order(StringComparer.Ordinal)];

    public void Dispose() => workspace.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task EveryCommandOfThePageDoesWhatItSays(string page)
    {
        var (commands, lines) = await DocumentedCommands.RunAsync(workspace, Repository.PathOf("docs", "how-to", page));

        Assert.True(commands >= 2 && lines >= 1, $"{commands} blocks of commands, {lines} lines");
    }
}
