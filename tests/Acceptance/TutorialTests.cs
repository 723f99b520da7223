using Xunit;

namespace Etl.Acceptance.Tests;

/// <summary>docs/tutorial.md is true.</summary>
public sealed class TutorialTests() : CloudTests("real-clouds")
{
    [Fact]
    public async Task EveryCommandOfTheTutorialDoesWhatItSays()
    {
        var (commands, lines) = await DocumentedCommands.RunAsync(Workspace, Repository.PathOf("docs", "tutorial.md"));

        Assert.True(commands >= 12 && lines >= 12, $"{commands} blocks of commands, {lines} lines");
    }
}
