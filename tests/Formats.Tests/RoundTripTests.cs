using System.Numerics;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Testing;
using Xunit;

namespace Etl.Formats.Tests;

public sealed class RoundTripTests
{
    public static TheoryData<StagingFormat, StagingCompression> Encodings { get; } = new()
    {
        { StagingFormat.Parquet, StagingCompression.Auto },
        { StagingFormat.Parquet, StagingCompression.Snappy },
        { StagingFormat.Parquet, StagingCompression.Gzip },
        { StagingFormat.Parquet, StagingCompression.None },
        { StagingFormat.Csv, StagingCompression.Auto },
        { StagingFormat.Csv, StagingCompression.None },
        { StagingFormat.Ndjson, StagingCompression.Auto },
        { StagingFormat.Ndjson, StagingCompression.None },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task EveryTypeAndItsEdgesAreReadBackEqual(StagingFormat format, StagingCompression compression)
    {
        using var file = await TempFile.Encode(EncoderFactory.Create(new(format, compression)), AllTypes.Schema, AllTypes.Batch());
        var rows = DuckDb.Rows(Query(format, file.Path, AllTypes.Schema));
        Assert.Equal(AllTypes.Expected.Length, rows.Count);
        for (var i = 0; i < rows.Count; i++)
            Assert.Equal(AllTypes.Expected[i], rows[i]);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task NoRowsGiveAFileWithNoRows(StagingFormat format, StagingCompression compression)
    {
        using var none = await TempFile.Encode(EncoderFactory.Create(new(format, compression)), AllTypes.Schema);
        Assert.Empty(DuckDb.Rows(Query(format, none.Path, AllTypes.Schema)));
        using var empty = AllTypes.Batch();
        using var file = await TempFile.Encode(EncoderFactory.Create(new(format, compression)), AllTypes.Schema, empty.Slice(0, 0));
        Assert.Empty(DuckDb.Rows(Query(format, file.Path, AllTypes.Schema)));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task ASliceOfABatchKeepsItsRows(StagingFormat format, StagingCompression compression)
    {
        using var batch = AllTypes.Batch();
        using var file = await TempFile.Encode(EncoderFactory.Create(new(format, compression)), AllTypes.Schema, batch.SliceShared(3, 2), batch.SliceShared(1, 1));
        var rows = DuckDb.Rows(Query(format, file.Path, AllTypes.Schema));
        Assert.Equal([AllTypes.Expected[3], AllTypes.Expected[4], AllTypes.Expected[1]], rows);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task ASchemaWithoutColumnsIsRefused(StagingFormat format, StagingCompression compression)
    {
        var encoder = EncoderFactory.Create(new(format, compression));
        await Assert.ThrowsAsync<DataException>(async () =>
            await encoder.EncodeAsync(Batches.Stream(), TableSchema.Empty, Stream.Null, TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task TheSameBatchesGiveTheSameBytes(StagingFormat format, StagingCompression compression)
    {
        var encoder = EncoderFactory.Create(new(format, compression));
        using var first = await TempFile.Encode(encoder, AllTypes.Schema, AllTypes.Batch(), AllTypes.Batch());
        using var second = await TempFile.Encode(encoder, AllTypes.Schema, AllTypes.Batch(), AllTypes.Batch());
        Assert.Equal(File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
    }

    [Theory]
    [InlineData(StagingFormat.Csv)]
    [InlineData(StagingFormat.Ndjson)]
    public async Task BigNumericTextHasEveryDigit(StagingFormat format)
    {
        var schema = new TableSchema([new("id", ColumnType.Int64), new("big", ColumnType.BigNumeric)]);
        var (max, min) = ((BigInteger.One << 255) - 1, -(BigInteger.One << 255));
        using var file = await TempFile.Encode(
            EncoderFactory.Create(new(format, StagingCompression.None)),
            schema,
            Batches.Of(schema, Batches.Int64(1, 2, 3, 4), Batches.Decimal(ColumnType.BigNumeric, max, min, BigInteger.One, BigInteger.Pow(10, 38))));
        var rows = DuckDb.Rows(Query(format, file.Path, schema));
        Assert.Equal("578960446186580977117854925043439539266.34992332820282019728792003956564819967", rows[0][1]);
        Assert.Equal("-578960446186580977117854925043439539266.34992332820282019728792003956564819968", rows[1][1]);
        Assert.Equal("0.00000000000000000000000000000000000001", rows[2][1]);
        Assert.Equal("1", rows[3][1]);
    }

    [Fact]
    public async Task AMissingValueInAOneColumnCsvIsRefusedBecauseReadersSkipEmptyLines()
    {
        var schema = new TableSchema([new("only", ColumnType.Int64)]);
        var failure = await Assert.ThrowsAsync<DataException>(() =>
            TempFile.Encode(EncoderFactory.Create(new(StagingFormat.Csv, StagingCompression.None)), schema, Batches.Of(schema, Batches.Int64(1, null))));
        Assert.Contains("ndjson", failure.Message, StringComparison.Ordinal);
    }

    private static string Query(StagingFormat format, string path, TableSchema schema)
    {
        var types = string.Join(", ", schema.Columns.Select(c => $"'{c.Name}': '{DuckType(c.Type)}'"));
        return format switch
        {
            StagingFormat.Parquet => $"FROM read_parquet('{path}')",
            StagingFormat.Csv => $"FROM read_csv('{path}', header=true, delim=',', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, auto_detect=false, columns={{{types}}})",
            _ => $"FROM read_json('{path}', format='newline_delimited', auto_detect=false, columns={{{types}}})",
        };
    }

    private static string DuckType(ColumnType type) => type switch
    {
        ColumnType.Int64 => "BIGINT",
        ColumnType.Float64 => "DOUBLE",
        ColumnType.Numeric => "DECIMAL(38,9)",
        ColumnType.Bool => "BOOLEAN",
        ColumnType.Date => "DATE",
        ColumnType.DateTime => "TIMESTAMP",
        ColumnType.Timestamp => "TIMESTAMPTZ",
        ColumnType.Time => "TIME",
        _ => "VARCHAR",
    };
}
