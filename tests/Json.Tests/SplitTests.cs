using System.Text;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Xunit;

namespace Etl.Json.Tests;

/// <summary>A run that reads objects in parts gives the rows, dead letters and counts of one that does not.</summary>
public sealed class SplitTests
{
    [Fact]
    public async Task PartsMeetWhereverTheyAreCut() =>
        await Gen.Select(Gen.Int[0, 40].Array[0, 60], Gen.Int[1, 90]).SampleAsync(async (lengths, size) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lengths.Select((n, i) => n == 0 ? "\r\n" : n == 1 ? "broken\n" : $"{{\"v\":\"{i}{new string('é', n)}\"}}\n")));
            var schema = Ndjson.Schema(("v", ColumnType.String));
            var whole = await Ndjson.ParseAsync(bytes, schema);
            var (rows, offsets, before) = (new List<string>(), new List<long>(), (SplitExtent?)null);
            for (var at = 0; at < bytes.Length; at += size)
            {
                var part = await Ndjson.ParseAsync(bytes, schema, part: new SplitPart(at, Math.Min(at + size, bytes.Length), at == 0, null));
                rows.AddRange(part.Rows);
                offsets.AddRange(part.Rejects.Select(r => r.ByteOffset));
                Assert.True(before is null || before.End == part.Tally.Extent!.Start, $"{before} {part.Tally.Extent}");
                before = part.Tally.Extent;
            }

            Assert.Equal(whole.Rows, rows);
            Assert.Equal(whole.Rejects.Select(r => r.ByteOffset), offsets);
        }, iter: 300);

    [Fact]
    public async Task ARunInPartsIsTheSameAsOneWithout()
    {
        var text = string.Concat(Enumerable.Range(0, 4_000).Select(i => i % 53 == 0 ? $"{{\"id\":{i},\n" : $"{{\"id\":{i},\"name\":\"{new string('x', i % 17)}\",\"qty\":{i % 10}}}\n"));

        var whole = await RunAsync(text, null);
        var parts = await RunAsync(text, 3_000);

        Assert.True(parts.Splits > 10 && whole.Letters.Count > 70);
        Assert.Equal(whole.Rows, parts.Rows);
        Assert.Equal(whole.Letters, parts.Letters);
        Assert.Equal(whole.Counts, parts.Counts);
    }

    private static async Task<(List<string> Rows, List<string> Letters, RowCounts Counts, int Splits)> RunAsync(string text, int? splitBytes)
    {
        var pipeline = new PipelineBuilder { Parser = new NdjsonParser(new NdjsonOptions()), Encoder = new RowEncoder(), Rejects = RejectLimit.Parse("100%", null) };
        pipeline.Source.Put("a.ndjson", text);
        pipeline.SplitBytes = splitBytes ?? pipeline.SplitBytes;
        var summary = await pipeline.RunAsync(TestContext.Current.CancellationToken);
        return ([.. pipeline.Load.Rows], [.. summary.Receipts.SelectMany(r => r.DeadLetters).SelectMany(l => pipeline.State.Text(l["memory://".Length..]).Split('\n', StringSplitOptions.RemoveEmptyEntries))], summary.Rows, summary.Run!.Splits.Count);
    }
}
