using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary><c>etl preview</c> as a user runs it.</summary>
public sealed class PreviewTests : IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheFirstRowsOfAFileAreShownTypedAndTheRestIsNotCounted()
    {
        workspace.Write("a.csv", "id,n\n" + string.Concat(Enumerable.Range(1, 100).Select(i => $"{i},{i * 10}\n")) + "101,1,2,3\n");

        var shown = await workspace.SucceedAsync("preview", "a.csv", "--rows", "3");

        Assert.Contains(" 3 │ 30 │", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 40 ", shown.Output, StringComparison.Ordinal);
        Assert.Contains("✗ line 102", shown.Output, StringComparison.Ordinal);
        Assert.Contains("the first 3 rows that fit; 1 that would be dead letters in the sample", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnObjectInS3IsShownWithLocal()
    {
        workspace.Write("data/acme/in/a.csv", "id,name\n1,緑茶\n");

        var shown = await workspace.SucceedAsync("preview", "s3://acme/in/a.csv", "--local", "--data", "data");

        Assert.Contains("緑茶", shown.Output, StringComparison.Ordinal);
        Assert.Contains("all 1 rows that fit", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNotThereIsNamed()
    {
        var missing = await workspace.EtlAsync("preview", "nowhere.csv");

        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("nowhere.csv", missing.Error, StringComparison.Ordinal);
    }
}
