using System.IO.Compression;
using DuckDB.NET.Data;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Formats.Parquet.Reading;
using Etl.TestSupport;
using Xunit;

namespace Etl.Formats.Tests;

/// <summary>The parser against files that DuckDB and our own encoder wrote.</summary>
public sealed class ParquetParserTests
{
    private const string Uri = "s3://bucket/a.parquet";

    [Fact]
    public async Task WhatTheEncoderWroteIsReadBackEqual()
    {
        using var file = await TempFile.Encode(EncoderFactory.Create(new(StagingFormat.Parquet, StagingCompression.Zstd)), AllTypes.Schema, AllTypes.Batch());
        using var batch = AllTypes.Batch();

        var parsed = await ParseAsync(file.Path);

        Assert.Equal(AllTypes.Schema.Columns.Select(c => (c.Name, c.Type, c.Nullable)), parsed.Schema.Columns.Select(c => (c.Name, c.Type, c.Nullable)));
        Assert.Equal(Enumerable.Range(0, batch.Length).Select(row => string.Join('|', batch.Arrays.Select(a => ArrowText.Of(a, row) ?? "NULL"))), parsed.Rows);
    }

    [Theory]
    [InlineData("(-128)::TINYINT", ColumnType.Int64, "-128")]
    [InlineData("32767::SMALLINT", ColumnType.Int64, "32767")]
    [InlineData("(-2147483648)::INTEGER", ColumnType.Int64, "-2147483648")]
    [InlineData("255::UTINYINT", ColumnType.Int64, "255")]
    [InlineData("4294967295::UINTEGER", ColumnType.Int64, "4294967295")]
    [InlineData("18446744073709551615::UBIGINT", ColumnType.Numeric, "18446744073709551615")]
    [InlineData("1.5::FLOAT", ColumnType.Float64, "1.5")]
    [InlineData("12.34::DECIMAL(4,2)", ColumnType.Numeric, "12.34")]
    [InlineData("(-12.34)::DECIMAL(18,2)", ColumnType.Numeric, "-12.34")]
    [InlineData("0.0000000000000000001::DECIMAL(38,19)", ColumnType.BigNumeric, "0.0000000000000000001")]
    [InlineData("DATE '2024-02-29'", ColumnType.Date, "2024-02-29")]
    [InlineData("TIMESTAMP '2024-02-29 12:00:00.123456'", ColumnType.DateTime, "2024-02-29T12:00:00.123456")]
    [InlineData("TIMESTAMP_MS '2024-02-29 12:00:00.123'", ColumnType.DateTime, "2024-02-29T12:00:00.123000")]
    [InlineData("TIMESTAMP_NS '2024-02-29 12:00:00.123456'", ColumnType.DateTime, "2024-02-29T12:00:00.123456")]
    [InlineData("TIMESTAMPTZ '2024-02-29 12:00:00+09'", ColumnType.Timestamp, "2024-02-29T03:00:00.000000")]
    [InlineData("TIME '23:59:59.5'", ColumnType.Time, "23:59:59.500000")]
    [InlineData("'日本'", ColumnType.String, "日本")]
    [InlineData("'b'::ENUM('a','b')", ColumnType.String, "b")]
    [InlineData("true", ColumnType.Bool, "true")]
    public async Task ATypeOfTheFileBecomesOneThatHoldsItsValues(string value, ColumnType type, string text)
    {
        using var file = Write($"SELECT {value} AS v UNION ALL SELECT NULL");

        var parsed = await ParseAsync(file.Path);

        Assert.Equal(type, parsed.Schema.Columns.Single().Type);
        Assert.Equal([text, "NULL"], parsed.Rows.OrderBy(r => r == "NULL"));
    }

    [Theory]
    [InlineData("[1, 2]", "a list")]
    [InlineData("{'a': 1}", "a group of columns")]
    [InlineData("'\\xAA'::BLOB", "bytes that are not marked as text")]
    public async Task ATypeThatNoColumnHasIsRefusedInWordsUnlessItIsLeftOut(string value, string words)
    {
        using var file = Write($"SELECT {value} AS odd, 7 AS v");

        var refused = await Assert.ThrowsAsync<DataException>(() => ParseAsync(file.Path));
        var parsed = await ParseAsync(file.Path, new ParquetOptions { Columns = ["v"] });

        Assert.Contains($"column odd, which is {words}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["7"], parsed.Rows);
    }

    [Fact]
    public async Task ATimeWithNanosecondsIsADeadLetterAndTheRowsAroundItAreRead()
    {
        using var file = Write("SELECT i, epoch_ns_to(i) AS t FROM range(5) r(i)".Replace("epoch_ns_to(i)", "make_timestamp_ns(1709208000000000000 + CASE WHEN i IN (0, 3) THEN 1 ELSE 0 END)", StringComparison.Ordinal));

        var parsed = await ParseAsync(file.Path);

        Assert.Equal(["1", "2", "4"], parsed.Rows.Select(r => r[..1]));
        Assert.Equal([(1, "t", "type"), (4, "t", "type")], parsed.Rejects.Select(r => (r.Line, r.Column, r.Kind)));
        Assert.Contains("nanoseconds", parsed.Rejects[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesThatDifferAreOneTable()
    {
        using var one = Write("SELECT 1 AS id, 5::INTEGER AS a, DATE '2024-01-31' AS d");
        using var two = Write("SELECT 2.5::DECIMAL(5,1) AS a, 2 AS id, 'x' AS d, 'new' AS b");

        var found = await InferAsync(null, one.Path, two.Path);
        var first = await ParseAsync(one.Path, schema: found.Schema);
        var second = await ParseAsync(two.Path, schema: found.Schema);

        Assert.Equal([("id", ColumnType.Int64), ("a", ColumnType.Numeric), ("d", ColumnType.String), ("b", ColumnType.String)], found.Schema.Columns.Select(c => (c.Name, c.Type)));
        Assert.Equal(["1|5|2024-01-31|NULL"], first.Rows);
        Assert.Equal(["2|2.5|x|new"], second.Rows);
        Assert.Contains("d is date32", Assert.Single(found.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileUnlikeThoseThatWereLookedAtHasTheSchemaInferredAnew()
    {
        using var file = Write("SELECT 'x' AS v, 1 AS w");
        var guess = new TableSchema([new Core.Schemas.Column("v", ColumnType.Int64) { IsGuess = true }, new Core.Schemas.Column("w", ColumnType.Int64)]);

        Assert.Equal("v", (await Assert.ThrowsAsync<SchemaBrokenException>(() => ParseAsync(file.Path, schema: guess))).Column);
        Assert.Equal("w", (await Assert.ThrowsAsync<SchemaBrokenException>(() => ParseAsync(file.Path, schema: new TableSchema([new Core.Schemas.Column("v", ColumnType.String)])))).Column);
    }

    [Theory]
    [InlineData(SchemaContract.DiscardColumn, 2, 0)]
    [InlineData(SchemaContract.DiscardRow, 1, 1)]
    public async Task AColumnThatTheSchemaLacksGoesTheContractsWay(SchemaContract contract, int rows, int rejected)
    {
        using var file = Write("SELECT 1 AS v, 1 AS w UNION ALL SELECT 2, NULL");

        var parsed = await ParseAsync(file.Path, new ParquetOptions { Contract = contract }, new TableSchema([new Core.Schemas.Column("v", ColumnType.Int64)]));

        Assert.Equal((rows, rejected), (parsed.Rows.Count, parsed.Rejects.Count));
    }

    [Fact]
    public async Task RowGroupsAreReadOneAfterAnother()
    {
        using var file = Write("SELECT i AS id, 'row ' || i AS s FROM range(300000) r(i)", "ROW_GROUP_SIZE 50000");

        var parsed = await ParseAsync(file.Path);

        Assert.Equal(Enumerable.Range(0, 300_000).Select(i => $"{i}|row {i}"), parsed.Rows);
        Assert.All(parsed.BatchSizes, s => Assert.InRange(s, 1, 8_192));
    }

    [Fact]
    public async Task OnlyTheWantedColumnsAreFetched()
    {
        using var file = Write("SELECT i AS id, md5(i::VARCHAR) AS s FROM range(100000) r(i)");
        var counting = new CountedReads(File.OpenRead(file.Path));

        var parsed = await ParseAsync(file.Path, new ParquetOptions { Columns = ["id"] }, open: () => counting);

        Assert.Equal(100_000, parsed.Rows.Count);
        Assert.InRange(counting.Bytes, 1, new FileInfo(file.Path).Length / 2);
    }

    [Fact]
    public async Task AMissingValueWhereThereMustBeOneIsADeadLetter()
    {
        using var file = Write("SELECT 1 AS v UNION ALL SELECT NULL");

        var parsed = await ParseAsync(file.Path, schema: new TableSchema([new Core.Schemas.Column("v", ColumnType.Int64, Nullable: false)]));

        Assert.Equal((1, "required"), (parsed.Rows.Count, Assert.Single(parsed.Rejects).Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(-20)]
    public async Task ADamagedFileIsRefusedInWords(int cut)
    {
        using var whole = Write("SELECT i AS id FROM range(1000) r(i)");
        var bytes = await File.ReadAllBytesAsync(whole.Path, TestContext.Current.CancellationToken);
        using var file = new TempFile(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n") + ".parquet"));
        await File.WriteAllBytesAsync(file.Path, cut >= 0 ? bytes[..cut] : bytes[..^-cut], TestContext.Current.CancellationToken);

        Assert.Contains("cannot be read as Parquet", (await Assert.ThrowsAsync<DataException>(() => ParseAsync(file.Path))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARandomlyDamagedFileNeverEndsInAnythingButWords()
    {
        using var whole = Write("SELECT i AS id, 'row ' || i AS s, i / 7 AS f FROM range(2000) r(i)");
        var bytes = await File.ReadAllBytesAsync(whole.Path, TestContext.Current.CancellationToken);
        var random = new Random(7);
        for (var trial = 0; trial < 200; trial++)
        {
            var damaged = bytes.ToArray();
            for (var n = 0; n < 3; n++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                await ParseAsync(whole.Path, open: () => new MemoryStream(damaged), bytes: damaged);
            }
            catch (DataException)
            {
                // In words.
            }
        }
    }

    [Fact]
    public async Task AFileThatIsPackedIsReadFromMemory()
    {
        using var file = Write("SELECT i AS id FROM range(1000) r(i)");
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(await File.ReadAllBytesAsync(file.Path, TestContext.Current.CancellationToken));
        var source = new MemorySource().Put("a.parquet.gz", packed.ToArray());
        var read = await source.ListAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        var parser = new ParquetParser(new ParquetOptions());

        var sample = await new Sampler(source, parser, TimeProvider.System).SampleAsync([read], TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, false), (sample.Bytes.Length, sample.IsPlain));
        Assert.Equal(1000, (await ParseAsync(file.Path, open: sample.OpenStored)).Rows.Count);
    }

    private static TempFile Write(string sql, string? options = null)
    {
        var file = new TempFile(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n") + ".parquet"));
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{file.Path}' (FORMAT parquet{(options is null ? "" : ", " + options)})";
        command.ExecuteNonQuery();
        return file;
    }

    private static SourceObject Object(string path) => new(Uri, "1", new FileInfo(path).Length, default);

    private static async Task<SchemaProposal> InferAsync(ParquetOptions? options, params string[] paths) =>
        await new ParquetParser(options ?? new ParquetOptions()).InferAsync(
            paths.Select(p => new Sample(Object(p), null, new byte[4], Complete: false) { IsPlain = true, OpenStored = () => File.OpenRead(p) }).ToAsyncEnumerable(), TestContext.Current.CancellationToken);

    private static async Task<Parsed> ParseAsync(string path, ParquetOptions? options = null, TableSchema? schema = null, Func<Stream>? open = null, byte[]? bytes = null)
    {
        schema ??= bytes is null ? (await InferAsync(options, path)).Schema
            : (await new ParquetParser(options ?? new ParquetOptions()).InferAsync(new[] { new Sample(Object(path), null, bytes, true) }.ToAsyncEnumerable(), TestContext.Current.CancellationToken)).Schema;
        var (rows, sizes, rejects, tally) = (new List<string>(), new List<int>(), new CollectedRejects(), new ParseTally());
        using var stream = open?.Invoke() ?? File.OpenRead(path);
        var input = new SplitInput(Object(path), null, Stream.Null, tally) { OpenStored = () => stream, Places = new RowPlaces() };
        await foreach (var batch in new ParquetParser(options ?? new ParquetOptions()).ParseAsync(input, schema, rejects, TestContext.Current.CancellationToken))
            using (batch)
            {
                sizes.Add(batch.Length);
                for (var row = 0; row < batch.Length; row++)
                    rows.Add(string.Join('|', batch.Arrays.Select(a => ArrowText.Of(a, row) ?? "NULL")));
            }

        Assert.Equal(tally.RowsRead, rows.Count + rejects.Rejects.Count);
        return new Parsed(schema, rows, rejects.Rejects, sizes);
    }

    private sealed record Parsed(TableSchema Schema, List<string> Rows, List<Reject> Rejects, List<int> BatchSizes);

    private sealed class CollectedRejects : IDeadLetters
    {
        public List<Reject> Rejects { get; } = [];

        public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
        {
            Rejects.Add(reject);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class CountedReads(Stream inner) : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position { get => inner.Position; set => inner.Position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Bytes += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
