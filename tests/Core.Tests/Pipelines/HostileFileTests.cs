using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Xunit;

namespace Etl.Core.Tests.Pipelines;

/// <summary>Pipeline files made to exhaust who reads them.</summary>
public sealed class HostileFileTests
{
    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void AFileNestedWithoutEndIsRefusedWhereItBecomesTooDeep(char bracket)
    {
        var error = Refused("name: " + new string(bracket, 200_000));

        Assert.StartsWith("p.yaml:1:", error, StringComparison.Ordinal);
    }

    [Fact]
    public void BlocksNestedWithoutEndAreRefused() =>
        Assert.Contains("nested more than 64 levels deep", Refused(string.Concat(Enumerable.Range(0, 500).Select(i => $"{new string(' ', i)}a:\n"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("? &a [*a]\n: x")]
    [InlineData("a: &a [x]\n? *a\n: x")]
    [InlineData("? {a: b}\n: x")]
    public void AKeyThatIsATreeIsRefused(string text) => Assert.Contains("a key must be plain text", Refused(text), StringComparison.Ordinal);

    [Fact]
    public void AFileOfAliasesIsRefused() =>
        Assert.Contains("more than 1,000 aliases", Refused($"name: &a x\nlist: [{string.Join(", ", Enumerable.Repeat("*a", 1_001))}]"), StringComparison.Ordinal);

    [Fact]
    public void AnAliasToItsOwnParentIsRefusedAndNotFollowed() => Refused("name: p\nsource: &a\n  bucket: *a\ntransforms: &b [*b]\nsinks: *a");

    [Fact]
    public void AFileOfMoreThanAMebibyteIsNotRead()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "#" + new string('x', 1 << 20));

            Assert.Contains("over 1 MiB", Assert.Throws<PipelineFileException>(() => new PipelineFile(TestConnectors.Registry(), _ => null).Read(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Refused(string text) =>
        Assert.Throws<PipelineFileException>(() => new PipelineFile(TestConnectors.Registry(), _ => null).Parse("p.yaml", text)).Message;
}
