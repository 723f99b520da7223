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

        Assert.Matches(" 3 │ +30 │", shown.Output);
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

    // Larger than what is read of text to infer types from: Parquet is read by its footer all the same, and its last row is never cut.
    [Fact]
    public async Task ALargeParquetFilesLastRowIsShownWhenItDoesNotFit()
    {
        DuckFile.Ask($"""
            COPY (SELECT i AS id, CASE WHEN i = 100 THEN '2026-11-28 00:00:00.000000001'::TIMESTAMP_NS ELSE '2026-11-28'::TIMESTAMP_NS END AS at,
            (SELECT string_agg(md5((i * 5000 + j)::VARCHAR), '') FROM range(5000) t(j)) AS filler FROM range(1, 101) r(i)) TO '{workspace.PathOf("a.parquet")}' (FORMAT parquet)
            """);

        var shown = await workspace.SucceedAsync("preview", "a.parquet", "--rows", "200");

        Assert.True(new FileInfo(workspace.PathOf("a.parquet")).Length > 5 << 20);
        Assert.Contains("✗ line 100: at: expected a time in microseconds", shown.Output, StringComparison.Ordinal);
        Assert.Contains("all 99 rows that fit; 1 that would be dead letters", shown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNotThereIsNamed()
    {
        var missing = await workspace.EtlAsync("preview", "nowhere.csv");

        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("nowhere.csv", missing.Error, StringComparison.Ordinal);
    }
}
