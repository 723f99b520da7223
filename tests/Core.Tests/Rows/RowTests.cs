using Apache.Arrow;
using Etl.Core.Rows;
using Etl.Core.Schemas;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Rows;

/// <summary>Copying and hashing rows of columns of every type.</summary>
public sealed class RowTests
{
    private static readonly IArrowArray[] EveryType =
    [
        Batches.Int64(long.MinValue, null, 7), Batches.Float64(0.5, null, double.NaN), Batches.Decimal(ColumnType.Numeric, -1_500_000_000, null, 1), Batches.Decimal(ColumnType.BigNumeric, 1, null, -1),
        Batches.Bool(true, null, false), Batches.Fixed<int>(ColumnType.Date, 19_782, null, -1), Batches.Fixed<long>(ColumnType.Timestamp, 1, null, 0), Batches.Text("日本", null, ""),
    ];

    [Fact]
    public void RowsAreCopiedInAnyOrderAndUnderMinusOneIsNothing()
    {
        foreach (var column in EveryType)
        {
            using var taken = RowTake.From(column, [2, -1, 0, 0, 1]);
            Assert.Equal([ArrowText.Of(column, 2), null, ArrowText.Of(column, 0), ArrowText.Of(column, 0), null], Enumerable.Range(0, 5).Select(row => ArrowText.Of(taken, row)));
            Assert.Equal((5, 2), (taken.Length, taken.NullCount));
        }
    }

    [Fact]
    public void RowsOfASliceAreThoseOfTheSlice()
    {
        foreach (var column in EveryType)
        {
            var slice = ArrowArrayFactory.Slice(column, 1, 2);
            using var taken = RowTake.From(slice, [1, 0]);
            Assert.Equal([ArrowText.Of(column, 2), null], Enumerable.Range(0, 2).Select(row => ArrowText.Of(taken, row)));
            var (hashes, whole) = (new UInt128[2], new UInt128[3]);
            RowHashes.Of([slice], hashes);
            RowHashes.Of([column], whole);
            Assert.Equal(whole[1..], hashes);
        }
    }

    [Fact]
    public void NoRowsGiveAnEmptyColumn()
    {
        foreach (var column in EveryType)
        {
            using var taken = RowTake.From(column, []);
            Assert.Equal(0, taken.Length);
        }
    }

    [Fact]
    public void EqualValuesHaveEqualHashesAndOthersHaveNot()
    {
        foreach (var column in EveryType)
        {
            var (hashes, again) = (new UInt128[3], new UInt128[3]);
            RowHashes.Of([column, EveryType[0]], hashes);
            RowHashes.Of([RowTake.From(column, [0, 1, 2]), EveryType[0]], again);
            Assert.Equal(hashes, again);
            Assert.Equal(3, hashes.Distinct().Count());
        }
    }

    [Fact]
    public void WhatIsTheSameInOneColumnOnlyIsNotTheSame()
    {
        var hashes = new UInt128[6];
        RowHashes.Of([Batches.Text("a", "ab", null, "", "a", null), Batches.Text("bc", "c", "", null, null, null)], hashes);
        Assert.Equal(6, hashes.Distinct().Count());
    }

    [Fact]
    public void ZeroIsMinusZeroAndOneNanIsTheOther()
    {
        var hashes = new UInt128[4];
        RowHashes.Of([Batches.Float64(0.0, -0.0, double.NaN, BitConverter.Int64BitsToDouble(0x7FF8000000000001))], hashes);
        Assert.Equal((hashes[0], hashes[2]), (hashes[1], hashes[3]));
    }

    [Fact]
    public void ASetHasEachHashOnce()
    {
        var (set, model, random) = (new HashSet128(), new HashSet<UInt128>(), new Random(5));
        for (var i = 0; i < 50_000; i++)
        {
            var hash = new UInt128((ulong)random.Next(3) * 0x9E3779B97F4A7C15, (ulong)random.Next(8_000));
            Assert.Equal(model.Add(hash), set.Add(hash));
        }

        Assert.Equal(model.Count, set.Count);
    }
}
