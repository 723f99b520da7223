using Etl.Core.Pipelines;
using Xunit;

namespace Etl.Core.Tests.Pipelines;

public sealed class EnvironmentReferencesTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("${A}", "1")]
    [InlineData("x${A}y${A}", "x1y1")]
    [InlineData("${B:-two}", "two")]
    [InlineData("${A:-two}", "1")]
    [InlineData("${EMPTY:-two}", "two")]
    [InlineData("${B:-}", "")]
    [InlineData("$${A}", "${A}")]
    [InlineData("a $5 note", "a $5 note")]
    public void AReferenceIsReplaced(string text, string expected) => Assert.Equal(expected, Expand(text, out _));

    [Theory]
    [InlineData("${B}", "the environment variable B is not set")]
    [InlineData("${A", "not followed by a variable's name")]
    [InlineData("${1}", "not followed by a variable's name")]
    public void AReferenceThatCannotBeReplacedIsSaid(string text, string problem)
    {
        Expand(text, out var problems);

        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    private static string Expand(string text, out List<string> problems)
    {
        var found = new List<string>();
        problems = found;
        return EnvironmentReferences.Expand(text, name => name switch { "A" => "1", "EMPTY" => "", _ => null }, found.Add);
    }
}
