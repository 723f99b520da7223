using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.FixedWidth.Tests;

/// <summary>Objects read in parts give the rows and dead letters of those that are read whole.</summary>
public sealed class SplitTests
{
    private static readonly FixedWidthOptions Options = new() { Unit = WidthUnit.Bytes, Encoding = "cp932", Header = true, SkipPrefixes = ["#"], Columns = [Fixed.Column("n", 4, ColumnType.Int64), Fixed.Column("v", 10, ColumnType.String)] };

    [Fact]
    public async Task PartsMeetWhereverTheyAreCut() =>
        await Gen.Select(Gen.Int[0, 40].Array[0, 60], Gen.Int[1, 90]).SampleAsync(async (kinds, size) =>
        {
            var bytes = Fixed.Cp932("nnnnvvvv\r\n" + string.Concat(kinds.Select((kind, i) => kind == 0 ? "\r\n" : kind == 1 ? "x\n" : kind == 2 ? "# note\n" : $"{i,4}{new string('銀', kind % 6)}\n")));
            var schema = (await Fixed.InferAsync(bytes, Options)).Schema;
            var whole = await Fixed.ParseAsync(bytes, Options, schema);
            var (rows, rejects, before) = (new List<string>(), new List<long>(), (SplitExtent?)null);
            for (var at = 0; at < bytes.Length; at += size)
            {
                var part = await Fixed.ParseAsync(bytes, Options, schema, new SplitPart(at, Math.Min(at + size, bytes.Length), at == 0, at == 0 ? null : new MemoryStream(bytes)));
                rows.AddRange(part.Rows);
                rejects.AddRange(part.Rejects.Select(r => r.ByteOffset));
                Assert.True(before is null || before.End == part.Tally.Extent!.Start, $"{before} {part.Tally.Extent}");
                before = part.Tally.Extent;
            }

            Assert.Equal(whole.Rows, rows);
            Assert.Equal(whole.Rejects.Select(r => r.ByteOffset), rejects);
        }, iter: 200);
}
