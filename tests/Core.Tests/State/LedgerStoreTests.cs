using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.State;

public sealed class LedgerStoreTests
{
    private readonly MemoryStateStore documents = new();
    private readonly LedgerStore store;

    public LedgerStoreTests() => store = new LedgerStore(new RunRecords(documents, "orders"));

    [Fact]
    public async Task WhatWasAddedIsFoundInItsVersion()
    {
        var segments = await AppendAsync([], Entry("s3://b/a\n\t\"key\"", "v1"), Entry("s3://b/表示", "v2"));

        var ledger = await store.ReadAsync(segments, default);

        Assert.Equal(2, ledger.Count);
        Assert.Equal(LedgerAnswer.Loaded, ledger.Find(Object("s3://b/a\n\t\"key\"", "v1")));
        Assert.Equal(LedgerAnswer.Changed, ledger.Find(Object("s3://b/表示", "v1")));
        Assert.Equal(LedgerAnswer.Unknown, ledger.Find(Object("s3://b/a", "v1")));
    }

    [Fact]
    public async Task ALaterEntryReplacesAnEarlierOneWhereverTheyStand()
    {
        var segments = await AppendAsync([], [.. Enumerable.Range(0, 50).Select(i => Entry($"o{i}", "v1"))]);
        segments = await AppendAsync(segments, Entry("o7", "v2"));
        segments = await AppendAsync(segments, Entry("o8", null));

        var ledger = await store.ReadAsync(segments, default);

        Assert.Equal(50, ledger.Count);
        Assert.Equal(LedgerAnswer.Loaded, ledger.Find(Object("o7", "v2")));
        Assert.Equal(LedgerAnswer.Wanted, ledger.Find(Object("o8", "v1")));
        Assert.Equal(1, ledger.Wanted);
        var anew = await store.RewriteAsync(segments, Keep.All, 9, [], default);
        Assert.Equal(50, Assert.Single(anew).Objects);
        Assert.Equal(LedgerAnswer.Wanted, (await store.ReadAsync(anew, default)).Find(Object("o8", "v1")));
    }

    [Fact]
    public async Task OfManySmallRunsFewPartsAreLeftAndNoneIsWrittenOverOften()
    {
        IReadOnlyList<LedgerSegment> segments = [];
        var written = 0;
        documents.OnWrite = _ => written++;
        for (var run = 0; run < 1000; run++) segments = await AppendAsync(segments, Entry($"o{run}", "v"), Entry($"p{run}", "v"));

        Assert.Equal(1000, written);
        Assert.InRange(segments.Count, 1, 8);
        Assert.Equal(2000, segments.Sum(s => s.Objects));
        Assert.Equal(2000, (await store.ReadAsync(segments, default)).Count);
    }

    [Fact]
    public async Task AFullPartIsNeverWrittenOver()
    {
        var full = await AppendAsync([], [.. Enumerable.Range(0, LedgerStore.Full + 3).Select(i => Entry($"o{i}", "v"))]);

        var more = await AppendAsync(full, Entry("new", "v"));

        Assert.Equal([LedgerStore.Full, 3], full.Select(s => s.Objects));
        Assert.Equal(full[0], more[0]);
        Assert.Equal([LedgerStore.Full, 4], more.Select(s => s.Objects));
    }

    [Fact]
    public async Task BelowAWatermarkOnlyWhatIsWantedIsKept()
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(100);
        var segments = await AppendAsync([], new LedgerEntry("a", "v", at.AddDays(-2)), new LedgerEntry("b", null, null), new LedgerEntry("c", "v", at.AddHours(-1)), new LedgerEntry("old", "v", null));

        var byTime = await store.ReadAsync(await store.RewriteAsync(segments, new Keep(new Watermark(Modified: at, Floor: at.AddDays(-1))), 2, [new LedgerEntry("d", "v", at)], default), default);
        var byKey = await store.ReadAsync(await store.RewriteAsync(segments, new Keep(new Watermark(Key: "z")), 3, [new LedgerEntry("b", "v", at)], default), default);

        Assert.Equal([LedgerAnswer.Unknown, LedgerAnswer.Wanted, LedgerAnswer.Loaded, LedgerAnswer.Loaded, LedgerAnswer.Loaded], new[] { "a", "b", "c", "d", "old" }.Select(o => byTime.Find(Object(o, "v"))));
        Assert.Equal(0, byKey.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ADamagedOrMissingPartIsRefusedWithAdvice(bool gone)
    {
        var segments = await AppendAsync([], Entry("a", "v"));
        var name = "orders/" + segments[0].Name;
        var found = await documents.ListAsync(name, default).SingleAsync(TestContext.Current.CancellationToken);
        if (gone) await documents.DeleteAsync(found, default);
        else await documents.WriteAsync(name, new byte[] { 1, 2, 3 }, WriteCondition.Always, default);

        var error = await Assert.ThrowsAsync<DataException>(() => store.ReadAsync(segments, default));

        Assert.Contains("memory://" + name, error.Message, StringComparison.Ordinal);
        Assert.Contains(gone ? "is gone" : "was cut off or edited", error.Message, StringComparison.Ordinal);
        Assert.Contains("etl state mark-loaded", error.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<LedgerSegment>> AppendAsync(IReadOnlyList<LedgerSegment> segments, params LedgerEntry[] entries) =>
        store.AppendAsync(segments, 1, entries.ToAsyncEnumerable(), entries.Length, default);

    private static LedgerEntry Entry(string uri, string? version) => new(uri, version, DateTimeOffset.UnixEpoch);

    private static SourceObject Object(string uri, string version) => new(uri, version, 1, DateTimeOffset.UnixEpoch);
}
