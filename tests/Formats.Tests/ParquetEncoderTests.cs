using System.Numerics;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats.Parquet;
using Etl.Testing;
using Xunit;

namespace Etl.Formats.Tests;

public sealed class ParquetEncoderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequiredAndNullableColumnsStayApart()
    {
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd), AllTypes.Schema, AllTypes.Batch());
        var columns = DuckDb.Rows($"SELECT name, repetition_type FROM parquet_schema('{file.Path}')").ToDictionary(r => r[0]!, r => r[1]);
        Assert.Equal("REQUIRED", columns["id"]);
        Assert.Equal("OPTIONAL", columns["i"]);
    }

    [Fact]
    public async Task OnlyInstantsAreAdjustedToUtcAndBothAreInMicroseconds()
    {
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd), AllTypes.Schema, AllTypes.Batch());
        var columns = DuckDb.Rows($"SELECT name, logical_type FROM parquet_schema('{file.Path}')").ToDictionary(r => r[0]!, r => r[1]);
        Assert.Contains("isAdjustedToUTC=1", columns["ts"], StringComparison.Ordinal);
        Assert.Contains("isAdjustedToUTC=0", columns["dt"], StringComparison.Ordinal);
        Assert.Contains("MICROS=MicroSeconds", columns["ts"], StringComparison.Ordinal);
        Assert.Contains("MICROS=MicroSeconds", columns["dt"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task BigNumericKeepsAllItsBits()
    {
        var schema = new TableSchema([new("big", ColumnType.BigNumeric)]);
        BigInteger?[] values = [(BigInteger.One << 255) - 1, -(BigInteger.One << 255), null, 1];
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd), schema, Batches.Of(schema, Batches.Decimal(ColumnType.BigNumeric, values)));
        using var reader = new ParquetSharp.Arrow.FileReader(file.Path);
        using var stream = reader.GetRecordBatchReader();
        using var batch = await stream.ReadNextRecordBatchAsync(Cancel);
        var read = (Decimal256Array)batch.Column(0);
        Assert.Equal(values, Enumerable.Range(0, 4).Select(i => read.IsNull(i) ? (BigInteger?)null : new BigInteger(read.ValueBuffer.Span.Slice(i * 32, 32))));
    }

    [Fact]
    public async Task ARowGroupIsClosedWhenItsBytesAreFull()
    {
        var schema = new TableSchema([new("id", ColumnType.Int64)]);
        var big = Batches.Of(schema, Batches.Int64([.. Enumerable.Range(0, 10_000).Select(i => (long?)i)]));
        var small = Batches.Of(schema, Batches.Int64([.. Enumerable.Range(10_000, 100).Select(i => (long?)i)]));
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd, rowGroupBytes: 32_000), schema, big, small);
        var groups = DuckDb.Rows($"SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('{file.Path}') ORDER BY row_group_id");
        Assert.Equal(["4000", "4000", "2100"], groups.Select(g => g[1]));
        Assert.Equal([["10100", "0", "10099"]], DuckDb.Rows($"SELECT count(DISTINCT id), min(id), max(id) FROM read_parquet('{file.Path}')"));
    }

    [Fact]
    public async Task AColumnOfDistinctValuesHasNoDictionaryAndARepeatingOneHas()
    {
        var schema = new TableSchema([new("id", ColumnType.Int64), new("status", ColumnType.String)]);
        var batch = Batches.Of(
            schema,
            Batches.Int64([.. Enumerable.Range(0, 5000).Select(i => (long?)i)]),
            Batches.Text([.. Enumerable.Range(0, 5000).Select(i => i % 3 == 0 ? "open" : "closed")]));
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Snappy), schema, batch);
        var encodings = DuckDb.Rows($"SELECT path_in_schema, encodings, compression FROM parquet_metadata('{file.Path}')").ToDictionary(r => r[0]!);
        Assert.DoesNotContain("DICTIONARY", encodings["id"][1], StringComparison.Ordinal);
        Assert.Contains("DICTIONARY", encodings["status"][1], StringComparison.Ordinal);
        Assert.Equal("SNAPPY", encodings["id"][2]);
    }

    [Fact]
    public async Task TheFileDoesNotNameTheVersionOfTheWriter()
    {
        using var file = await TempFile.Encode(new ParquetEncoder(StagingCompression.Zstd), AllTypes.Schema, AllTypes.Batch());
        Assert.Equal("Etl", DuckDb.Rows($"SELECT created_by FROM parquet_file_metadata('{file.Path}')")[0][0]);
    }

    [Fact]
    public async Task TheOutputIsOnlyWrittenForwardAndLeftOpen()
    {
        var output = new CountingStream();
        await new ParquetEncoder(StagingCompression.Zstd).EncodeAsync(Batches.Stream(AllTypes.Batch()), AllTypes.Schema, output, Cancel);
        Assert.False(output.Disposed);
        Assert.True(output.Count > 0);
    }
}
