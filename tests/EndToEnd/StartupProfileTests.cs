using Xunit;

namespace Etl.EndToEnd.Tests;

/// <summary>What a command's start leaves to its next one, in the user's cache folder.</summary>
public sealed class StartupProfileTests : IDisposable
{
    private readonly Workspace workspace = new();

    public StartupProfileTests()
    {
        workspace.Write("a.csv", "id,n\n1,2\n");
        workspace.Environment["XDG_CACHE_HOME"] = workspace.PathOf("cache");
    }

    private string Folder => workspace.PathOf("cache/etl");

    private string Kept => Assert.Single(Directory.GetFileSystemEntries(Folder));

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task ACommandThatDidItsWorkLeavesOneWhichItsNextStartsUse()
    {
        OutsideProgram.RequireThat(Environment.ProcessorCount > 1, "On one core .NET compiles nothing beside what runs.");
        await ConvertAsync();
        var first = await File.ReadAllBytesAsync(Kept);

        await ConvertAsync();

        Assert.NotEmpty(first);
        Assert.Equal(first, await File.ReadAllBytesAsync(Kept));
        Assert.Matches(@"^convert\.[0-9a-f]{32}\.startup$", Path.GetFileName(Kept));
    }

    [Fact]
    public async Task OneThatIsCutDoesNoHarmAndAnOldOneIsTakenAnew()
    {
        OutsideProgram.RequireThat(Environment.ProcessorCount > 1, "On one core .NET compiles nothing beside what runs.");
        await ConvertAsync();
        var whole = await File.ReadAllBytesAsync(Kept);
        foreach (var length in (int[])[0, 1, 100, whole.Length / 2, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(Kept, whole[..length]);

            await ConvertAsync();

            Assert.Equal(length, new FileInfo(Kept).Length);
        }

        var kept = Kept;
        var ofAnotherBuild = workspace.Write("cache/etl/convert.00.startup", "");
        foreach (var old in (string[])[kept, ofAnotherBuild]) File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));

        await ConvertAsync();

        Assert.Equal(kept, Kept);
        Assert.InRange(new FileInfo(kept).Length, whole.Length / 2, long.MaxValue);
    }

    [Fact]
    public async Task WithoutACacheFolderThereIsNone()
    {
        workspace.Write("cache", "a file");

        await ConvertAsync();

        Assert.Equal("a file", await File.ReadAllTextAsync(workspace.PathOf("cache")));
    }

    [Fact]
    public async Task HelpAndFailuresLeaveNone()
    {
        await workspace.SucceedAsync("convert", "--help");
        await workspace.EtlAsync("convert", "none.csv", "a.parquet");

        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    private Task ConvertAsync() => workspace.SucceedAsync("convert", "a.csv", "a.parquet");
}
