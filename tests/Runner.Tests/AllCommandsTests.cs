using Etl.Runner.Commands;
using Xunit;

namespace Etl.Runner.Tests;

public sealed class AllCommandsTests
{
    [Fact]
    public void ACommandIsMadeAloneByTheNameItHas()
    {
        Assert.Equal(AllCommands.InOrder.Select(c => c.Key), AllCommands.Create(null).Subcommands.Select(c => c.Name));
        Assert.All(AllCommands.InOrder, c => Assert.Equal(c.Key, Assert.Single(AllCommands.Create(c.Key).Subcommands).Name));
    }

    [Theory]
    [InlineData("convert", "convert --help")]
    [InlineData("state", "state show")]
    [InlineData(null, "")]
    [InlineData(null, "--help")]
    [InlineData(null, "[suggest:4] convert")]
    [InlineData(null, "Convert")]
    public void OnlyTheFirstWordNamesIt(string? name, string words) => Assert.Equal(name, AllCommands.NameIn(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
