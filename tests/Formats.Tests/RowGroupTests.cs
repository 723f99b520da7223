using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats.Parquet;
using Etl.Testing;
using Xunit;

namespace Etl.Formats.Tests;

/// <summary>Row groups that are encoded side by side and put together, and columns that are stored smaller than their type.</summary>
public sealed class RowGroupTests
{
    private static readonly TableSchema Schema = new([new("n", ColumnType.Int64), new("price", ColumnType.Numeric), new("status", ColumnType.String), new("note", ColumnType.String)]);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StagingCompression.Zstd)]
    [InlineData(StagingCompression.Snappy)]
    public async Task ManyRowGroupsAreReadBackInOrderWithTheirNulls(StagingCompression compression)
    {
        var batches = Enumerable.Range(0, 60).Select(b => Batch(Enumerable.Range(b * 700, 700))).ToArray();
        using var file = await TempFile.Encode(new ParquetEncoder(compression, rowGroupBytes: 100_000), Schema, batches);
        Assert.True(int.Parse(DuckDb.Rows($"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{file.Path}')")[0][0]!, CultureInfo.InvariantCulture) > 10);
        var rows = DuckDb.Rows($"SELECT n, price, status, note FROM read_parquet('{file.Path}', file_row_number = true) ORDER BY file_row_number");
        Assert.Equal(Enumerable.Range(0, 42_000).Select(Row), rows.Select(r => string.Join('|', r)));
    }

    [Fact]
    public async Task TheArrowReaderTakesThePutTogetherFileToo()
    {
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd, rowGroupBytes: 50_000), Schema, [.. Enumerable.Range(0, 10).Select(b => Batch(Enumerable.Range(b * 700, 700)))]);
        using var reader = new ParquetSharp.Arrow.FileReader(file.Path);
        using var stream = reader.GetRecordBatchReader();
        var next = 0L;
        while (await stream.ReadNextRecordBatchAsync(Cancel) is { } batch)
        {
            using (batch)
                for (var i = 0; i < batch.Length; i++)
                    Assert.Equal(next++, ((Int64Array)batch.Column(0)).GetValue(i));
        }
        Assert.Equal(7000, next);
    }

    [Fact]
    public async Task NumericColumnsAreStoredWithTheDigitsTheyHave()
    {
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd), Schema, Batch(Enumerable.Range(0, 1000)));
        Assert.Equal([["INT64", "2", "18"]], DuckDb.Rows($"SELECT type, scale, precision FROM parquet_schema('{file.Path}') WHERE name = 'price'"));
    }

    [Theory]
    [InlineData("1234567890123456789")]
    [InlineData("1")]
    public async Task ABatchThatTheFileCannotHoldComesBackAndTheNextFileHoldsIt(string unscaled)
    {
        var schema = new TableSchema([new("price", ColumnType.Numeric)]);
        RecordBatch Prices(params BigInteger?[] values) => Batches.Of(schema, Batches.Decimal(ColumnType.Numeric, values));
        var encoder = new ParquetEncoder(StagingCompression.Zstd, rowGroupBytes: 64);
        BigInteger?[] plain = [.. Enumerable.Range(0, 8).Select(i => (BigInteger?)(i * 1_000_000_000L))];
        using var output = new MemoryStream();
        using var left = await encoder.EncodeAsync(Batches.Stream(Prices(plain), Prices([.. plain, BigInteger.Parse(unscaled, CultureInfo.InvariantCulture), null])), schema, output, Cancel);
        Assert.NotNull(left);
        Assert.Equal(2, left.Length);
        using var next = await TempFile.Encode(encoder, schema, left.SliceShared(0, left.Length));
        Assert.Equal(2, DuckDb.Rows($"SELECT price FROM read_parquet('{next.Path}')").Count);

        using var all = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd, rowGroupBytes: 64, anyBatch: true), schema, Prices(plain), Prices([.. plain, BigInteger.Parse(unscaled, CultureInfo.InvariantCulture), null]));
        Assert.Equal(18, DuckDb.Rows($"SELECT price FROM read_parquet('{all.Path}')").Count);
    }

    [Fact]
    public void EveryNumericKeepsItsValueWhenItIsStoredCompactly() => Gen.Select(Gen.Long[-999_999_999_999_999_999, 999_999_999_999_999_999], Gen.Int[0, 9], Gen.Bool).Sample((digits, fraction, isNull) =>
    {
        var unscaled = (BigInteger)digits * BigInteger.Pow(10, 9 - fraction);
        if (unscaled > long.MaxValue || unscaled < long.MinValue)
            return;
        using var column = (Decimal128Array)Batches.Decimal(ColumnType.Numeric, unscaled, isNull ? null : 0);
        var found = CompactDecimals.FractionOf([column]);
        Assert.NotNull(found);
        Assert.True(found <= fraction);
        using var compact = CompactDecimals.Convert([column], found.Value);
        Assert.Equal(unscaled, new BigInteger(compact.ValueBuffer.Span[..16]) * BigInteger.Pow(10, 9 - found.Value));
        Assert.Equal(isNull, compact.IsNull(1));
        // Fewer digits after the point would lose some.
        Assert.True(found == 0 || !CompactDecimals.Fit(column, found.Value - 1));
    }, iter: 20_000);

    private static RecordBatch Batch(IEnumerable<int> numbers)
    {
        int[] all = [.. numbers];
        return Batches.Of(
            Schema,
            Batches.Int64([.. all.Select(i => (long?)i)]),
            Batches.Decimal(ColumnType.Numeric, [.. all.Select(i => i % 7 == 0 ? null : (BigInteger?)((BigInteger)i * 10_000_000))]),
            Batches.Text([.. all.Select(i => i % 5 == 0 ? null : $"status {i % 3}")]),
            Batches.Text([.. all.Select(i => i % 11 == 0 ? "" : $"note {i}")]));
    }

    private static string Row(int i) => string.Create(CultureInfo.InvariantCulture, $"{i}|{(i % 7 == 0 ? "" : (i / 100m).ToString("0.00", CultureInfo.InvariantCulture))}|{(i % 5 == 0 ? "" : $"status {i % 3}")}|{(i % 11 == 0 ? "" : $"note {i}")}");
}
