using Apache.Arrow;
using CsCheck;
using Etl.Core.Engine;
using Etl.Core.Schemas;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Tests.Engine;

public sealed class CollectedRowsTests
{
    private static readonly TableSchema Schema = new([.. Enum.GetValues<ColumnType>().Select(t => new Column(t.ToString(), t))]);

    [Fact]
    public void RowsOfEveryTypeComeOutAsTheyWentIn() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 1000]).Array[1, 6].Sample(picks =>
        {
            using var rows = new CollectedRows(Schema);
            var expected = new List<string>();
            foreach (var (count, seed) in picks)
            {
                using var all = Batch(50, seed);
                // A slice, as those have offsets of their own.
                using var batch = all.SliceShared(seed % 10, 40);
                var picked = Enumerable.Range(0, count).Select(i => (i * 7 + seed) % batch.Length).ToList();
                rows.Add(batch, [.. Enumerable.Range(0, Schema.Columns.Count)], picked);
                expected.AddRange(picked.Select(row => Text(all, row + (seed % 10))));
            }

            using var built = rows.Build();
            Assert.Equal(expected, Enumerable.Range(0, built.Length).Select(row => Text(built, row)));
            Assert.All(built.Arrays, a => Assert.Equal(Enumerable.Range(0, a.Length).Count(((Apache.Arrow.Array)a).IsNull), a.NullCount));
        }, iter: 50);

    [Fact]
    public void WhatIsHeldIsCounted()
    {
        using var rows = new CollectedRows(new TableSchema([new Column("text", ColumnType.String)]));
        using var batch = new RecordBatch(new TableSchema([new Column("text", ColumnType.String)]).ToArrow(), [Batches.Text(new string('a', 1000))], 1);

        for (var i = 0; i < 100; i++) rows.Add(batch, [0], [0]);

        Assert.InRange(rows.Bytes, 100_000, 200_000);
    }

    private static string Text(RecordBatch batch, int row) => string.Join('|', batch.Arrays.Select(a => ArrowText.Of(a, row) ?? "∅"));

    private static RecordBatch Batch(int length, int seed)
    {
        long?[] numbers = [.. Enumerable.Range(0, length).Select(i => (i + seed) % 4 == 0 ? (long?)null : (i * 7919L) + seed)];
        return Batches.Of(Schema, [.. Schema.Columns.Select(c => c.Type switch
        {
            ColumnType.Bool => Batches.Bool([.. numbers.Select(n => n is null ? (bool?)null : n % 3 == 0)]),
            ColumnType.String => Batches.Text([.. numbers.Select(n => n is null ? null : new string('x', (int)(n % 9)) + n)]),
            ColumnType.Numeric or ColumnType.BigNumeric => Batches.Decimal(c.Type, [.. numbers.Select(n => n is { } v ? new System.Numerics.BigInteger(v) : (System.Numerics.BigInteger?)null)]),
            ColumnType.Float64 => Batches.Float64([.. numbers.Select(n => n / 8.0)]),
            ColumnType.Date => Batches.Fixed(c.Type, [.. numbers.Select(n => (int?)n)]),
            _ => Batches.Fixed(c.Type, numbers),
        })]);
    }
}
