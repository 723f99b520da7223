using Etl.Core.Pipelines;
using Xunit;

namespace Etl.Core.Tests.Pipelines;

public sealed class KeyPatternTests
{
    [Theory]
    [InlineData("**/*.csv.gz", "a.csv.gz", true)]
    [InlineData("**/*.csv.gz", "2026/01/a.csv.gz", true)]
    [InlineData("**/*.csv.gz", "a.csv", false)]
    [InlineData("*.csv", "a.csv", true)]
    [InlineData("*.csv", "x/a.csv", false)]
    [InlineData("2026/**", "2026/01/a.csv", true)]
    [InlineData("2026/**/a.csv", "2026/a.csv", true)]
    [InlineData("2026/**/a.csv", "2026b/a.csv", false)]
    [InlineData("a?.csv", "ab.csv", true)]
    [InlineData("a?.csv", "a/.csv", false)]
    [InlineData("[a-c].csv", "b.csv", true)]
    [InlineData("[!a-c].csv", "b.csv", false)]
    [InlineData("*.{csv,tsv}", "a.tsv", true)]
    [InlineData("*.{csv,tsv}", "a.txt", false)]
    [InlineData("a+(b).csv", "a+(b).csv", true)]
    [InlineData("..//x/*", "..//x/y", true)]
    [InlineData("*.csv", "a.csv\n", false)]
    public void AGlobMatchesTheWholeKey(string glob, string key, bool matches) => Assert.Equal(matches, new KeyPattern(glob).IsMatch(key));

    [Theory]
    [InlineData("**/*.csv", true)]
    [InlineData("{a,{b}", true)]
    [InlineData("[z-a].csv", false)]
    public void AGlobThatCannotBeReadIsRefusedWithTheOptions(string glob, bool valid) => Assert.Equal(valid, new KeyPatternAttribute().IsValid(glob));

    [Fact]
    public void NoPatternMatchesEverything() => Assert.True(new KeyPattern(null).IsMatch("any/key"));
}
