using System.Text.Json;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class SplitTests
{
    private readonly PipelineBuilder pipeline = new() { Rejects = RejectLimit.Parse("100%", null) };

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task ALargeObjectIsReadInPartsAndEveryRowIsLoadedOnce(int splitBytes)
    {
        var rows = Enumerable.Range(0, 60).Select(i => new string('x', i % 9) + i).ToArray();
        pipeline.Source.Put("a.txt", string.Concat(rows.Select(r => r + "\n")));
        pipeline.SplitBytes = splitBytes;

        var summary = await pipeline.RunAsync();

        Assert.Equal(rows.Order(), pipeline.Load.Rows.Order());
        Assert.Equal(60, summary.Rows.Read);
        Assert.True(summary.Receipts.Count > 1);
    }

    [Fact]
    public async Task APartThatStartedInTheWrongPlaceIsStagedAgainFromTheRightOne()
    {
        string[] rows = ["one", "two", "!three", "four", "!five", "six", "!seven"];
        pipeline.Source.Put("a.txt", string.Concat(rows.Select(r => r + "\n")));
        pipeline.SplitBytes = 6;
        var receipts = 0;
        pipeline.State.OnWrite = name => receipts += name.Contains("receipts/", StringComparison.Ordinal) ? 1 : 0;

        var summary = await pipeline.RunAsync();

        Assert.Equal(rows.Order(), pipeline.Load.Rows.Order());
        Assert.True(receipts > summary.Receipts.Count, "no part was corrected");
        Assert.Equal((rows.Length, summary.Receipts.Count), (pipeline.Progress.RowsRead, pipeline.Progress.SplitsDone));
        Assert.Equal(summary.Receipts.Sum(r => r.Files.Sum(f => f.Bytes)), pipeline.Progress.BytesStaged);
    }

    [Theory]
    [InlineData("receipts/split-000002")]
    [InlineData("receipts/split-000000")]
    public async Task ARunThatDiedBetweenPartsStagesTheRestAndEveryRowIsLoadedOnce(string name)
    {
        string[] rows = ["one", "two", "!three", "four", "!five", "six", "!seven"];
        pipeline.Source.Put("a.txt", string.Concat(rows.Select(r => r + "\n")));
        pipeline.SplitBytes = 6;
        pipeline.State.OnWrite = written =>
        {
            if (written.Contains(name, StringComparison.Ordinal)) throw new InvalidOperationException("died");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync());
        pipeline.State.OnWrite = null;

        var summary = await pipeline.RunAsync();

        Assert.Equal(rows.Order(), pipeline.Load.Rows.Order());
        Assert.Equal(rows.Length, summary.Rows.Read);
        Assert.Equal(rows.Length, pipeline.Progress.RowsRead);
    }

    [Fact]
    public async Task RejectedRowsOfLaterPartsSayTheirLineInTheObject()
    {
        var lines = Enumerable.Range(1, 40).Select(i => i % 6 == 0 ? "bad" : $"line {i}").ToArray();
        pipeline.Source.Put("a.txt", string.Concat(lines.Select(l => l + "\n")));
        pipeline.SplitBytes = 32;

        await pipeline.RunAsync();

        var letters = pipeline.State.Names.Where(n => n.Contains("dead-letters", StringComparison.Ordinal))
            .SelectMany(n => pipeline.State.Text(n).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal([6, 12, 18, 24, 30, 36], letters.Select(l => l.GetProperty("line").GetInt64()));
        Assert.All(letters, l => Assert.False(l.TryGetProperty("lineFrom", out _)));
        Assert.All(letters, l => Assert.Equal(lines.Take((int)l.GetProperty("line").GetInt64() - 1).Sum(x => x.Length + 1), l.GetProperty("byteOffset").GetInt64()));
    }

    [Fact]
    public void SplitsCoverAnObjectWithoutGapOrOverlap() => Gen.Select(Gen.Long[0, 10_000], Gen.Long[1, 700]).Sample((length, splitBytes) =>
    {
        var source = new SourceObject("memory://a", "1", length, DateTimeOffset.UnixEpoch);
        var splits = SplitPlan.Cut([source], new HashSet<string> { source.Uri }, splitBytes);
        if (splits.Count == 1)
        {
            Assert.Equal(ByteRange.All, splits[0].Range);
            return;
        }
        var next = 0L;
        foreach (var split in splits)
        {
            Assert.Equal(next, split.Range.Offset);
            next += split.Range.Length!.Value;
        }
        Assert.Equal(length, next);
    });
}
