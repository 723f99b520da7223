using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Xunit;

namespace Etl.Testing;

/// <content>That an object read in parts gives what it gives in one pass.</content>
public abstract partial class ParserConformance
{
    [Fact]
    public async Task AnObjectCutInTwoAtAnyByteGivesTheRowsOfOnePass()
    {
        var (parser, read, whole) = await DivisibleAsync();

        for (var cut = 1; cut < read.Bytes.Length; cut++) await AssertPartsAsync(parser, read, whole, [cut]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    public async Task AnObjectInManyPartsGivesTheRowsOfOnePass(int size)
    {
        var (parser, read, whole) = await DivisibleAsync();

        await AssertPartsAsync(parser, read, whole, [.. Enumerable.Range(1, (read.Bytes.Length - 1) / size).Select(i => i * size)]);
    }

    private async Task<(IParser Parser, ParserObject Read, ParsedRows Whole)> DivisibleAsync()
    {
        var read = await NastyAsync();
        var parser = CreateParser(Texts);
        Assert.SkipUnless((await InferAsync(parser, read.Start(parser))).Dialects[0].Divisible, "its objects are never read in parts: no dialect of its proposal is divisible");
        return (parser, read, await ParsedRows.ReadAsync(parser, read, Asked, Cancel, wantsPlaces: true));
    }

    private async Task AssertPartsAsync(IParser parser, ParserObject read, ParsedRows whole, IReadOnlyList<int> cuts)
    {
        var parts = await PartsAsync(parser, read, cuts);
        var where = $"cut at {string.Join(", ", cuts.Take(3))}{(cuts.Count > 3 ? ", …" : "")}: ";
        var (rejects, places, lines) = (new List<Reject>(), new List<(long, long)>(), 0L);
        foreach (var part in parts)
        {
            var extent = part.Tally.Extent!;
            if (lines > 0) Assert.All(part.Rejects, r => Assert.Equal(extent.Start, r.LineFrom));
            if (lines > 0 && part.Places.Count > 0) Assert.Equal(extent.Start, part.PlacesFrom);
            rejects.AddRange(part.Rejects.Select(r => r.LineFrom is null ? r : r with { Line = r.Line + lines, LineFrom = null }));
            places.AddRange(part.Places.Select(p => (part.PlacesFrom is null ? p.Line : p.Line + lines, p.Offset)));
            lines += extent.Lines;
        }

        Assert.True(whole.Lines.SequenceEqual(parts.SelectMany(p => p.Lines)), $"{where}{string.Join("; ", whole.Lines)} in one pass, {string.Join(" / ", parts.Select(p => string.Join("; ", p.Lines)))} in parts");
        Assert.True(whole.Rejects.SequenceEqual(rejects), $"{where}{string.Join("; ", whole.Rejects)} rejected in one pass, {string.Join("; ", rejects)} in parts");
        Assert.True(whole.Places.SequenceEqual(places), $"{where}{string.Join("; ", whole.Places)} are the rows' places in one pass, {string.Join("; ", places)} in parts");
        Assert.True(read.Object.Length == parts[^1].Tally.Extent!.End, $"{where}the last part ends where the object does");
    }

    // As the engine does: each part by itself, and where it does not go on where the one before it ended, again from there.
    private async Task<IReadOnlyList<ParsedRows>> PartsAsync(IParser parser, ParserObject read, IReadOnlyList<int> cuts)
    {
        var parts = new List<ParsedRows>();
        SplitExtent? before = null;
        for (var i = 0; i <= cuts.Count; i++)
        {
            var (start, end) = (i == 0 ? 0 : cuts[i - 1], i == cuts.Count ? read.Bytes.Length : cuts[i]);
            var part = await GuessedAsync(parser, read, start, end);
            if (before is not null && (part?.Tally.Extent is not { } extent || extent.Start != before.End || extent.StartsIn != before.EndsIn))
                part = await ReadPartAsync(parser, read, new SplitPart(before.End, end, IsRecordStart: true, Head(read)) { StartsIn = before.EndsIn });
            Assert.True(part!.Tally.Extent is not null, $"of the part from byte {start} to {end}, the parser does not say where its records start and end");
            Assert.True(before is null || (before.End == part.Tally.Extent.Start && before.EndsIn == part.Tally.Extent.StartsIn), $"the part from byte {start} to {end} was to start at {before?.End}, and started at {part.Tally.Extent.Start}");
            before = part.Tally.Extent;
            var strangers = part.Places.Select(p => p.Offset).Concat(part.Rejects.Select(r => r.ByteOffset)).Where(at => at < before.Start || at > end || at >= before.End);
            Assert.True(!strangers.Any(), $"the part from byte {start} to {end} has rows of other parts, which start at {string.Join(", ", strangers)}");
            parts.Add(part);
        }

        return parts;
    }

    // A part that was misled about its first record may find its bytes wrong.
    private async Task<ParsedRows?> GuessedAsync(IParser parser, ParserObject read, int start, int end)
    {
        try
        {
            return await ReadPartAsync(parser, read, new SplitPart(start, end, IsRecordStart: start == 0, start == 0 ? null : Head(read)));
        }
        catch (DataException) when (start > 0)
        {
            return null;
        }
    }

    private Task<ParsedRows> ReadPartAsync(IParser parser, ParserObject read, SplitPart part) => ParsedRows.ReadAsync(parser, read, Asked, Cancel, part, wantsPlaces: true);

    private static ServedStream Head(ParserObject read) => read.Serve(read.Bytes, true);
}
