using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.TestSupport;
using Xunit;

namespace Etl.Connectors.Postgres.Tests;

public sealed class PostgresSourceTests(PostgresCluster cluster) : IAsyncLifetime
{
    private Warehouse warehouse = null!;

    public async ValueTask InitializeAsync() => warehouse = await Warehouse.CreateAsync(cluster);

    public ValueTask DisposeAsync()
    {
        warehouse.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ATableIsCsvTextWhoseTypesAreFoundAgain()
    {
        await warehouse.QueryAsync("""
            CREATE TABLE t (i bigint, f double precision, n numeric(10,3), b boolean, d date, ts timestamp, tz timestamptz, tm time, s text);
            INSERT INTO t VALUES (1, 1e-7, 1.500, true, '2024-02-29', '2024-02-29 12:00:00.5', '2024-02-29 12:00:00+09', '09:30:00', E'a "b"\n,日'), (2, 2.5, 0, false, '0001-01-01', '2024-01-01', '2024-01-01Z', '00:00', ''), (3, null, null, null, null, null, null, null, null);
            """);
        await using var source = warehouse.Source(table: "t");

        var (listed, text) = await ReadAsync(source);
        var found = await new CsvParser(new CsvOptions()).InferAsync(new[] { new Sample(listed, null, System.Text.Encoding.UTF8.GetBytes(text), true) }.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.Equal(listed.Length, System.Text.Encoding.UTF8.GetByteCount(text));
        Assert.StartsWith("i,f,n,b,d,ts,tz,tm,s\n1,1e-07,1.500,true,2024-02-29,2024-02-29 12:00:00.5,2024-02-29 03:00:00+00,09:30:00,", text, StringComparison.Ordinal);
        Assert.Equal([ColumnType.Int64, ColumnType.Float64, ColumnType.Numeric, ColumnType.Bool, ColumnType.Date, ColumnType.DateTime, ColumnType.Timestamp, ColumnType.Time, ColumnType.String], found.Schema.Columns.Select(c => c.Type));
    }

    [Fact]
    public async Task TheSameRowsAreTheSameVersionAndOtherRowsAnother()
    {
        await warehouse.QueryAsync("CREATE TABLE t (i bigint); INSERT INTO t SELECT generate_series(1, 1000)");
        await using var first = warehouse.Source(query: "SELECT i FROM t ORDER BY i;");
        await using var again = warehouse.Source(query: "SELECT i FROM t ORDER BY i;");
        var one = (await ReadAsync(first)).Object;

        Assert.Equal(one, (await ReadAsync(again)).Object);
        await warehouse.QueryAsync("INSERT INTO t VALUES (0)");
        await using var later = warehouse.Source(query: "SELECT i FROM t ORDER BY i;");

        Assert.NotEqual(one.Version, (await ReadAsync(later)).Object.Version);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await later.OpenAsync(one, ByteRange.All, TestContext.Current.CancellationToken));
        await using var still = await first.OpenAsync(one, new ByteRange(2), TestContext.Current.CancellationToken);
        Assert.Equal('1', still.ReadByte());
    }

    [Theory]
    [InlineData("SELECT * FROM missing", "missing")]
    [InlineData("DELETE FROM t RETURNING i", "syntax")]
    [InlineData("SELECT i FROM t) q; DELETE FROM t; --", "")]
    public async Task AQueryThatIsNoneIsRefusedInWordsAndChangesNothing(string query, string words)
    {
        await warehouse.QueryAsync("CREATE TABLE t (i bigint); INSERT INTO t VALUES (1)");
        await using var source = warehouse.Source(query: query);

        Assert.Contains(words, (await Assert.ThrowsAnyAsync<EtlException>(() => ReadAsync(source))).Message, StringComparison.Ordinal);
        Assert.Equal("1", await warehouse.QueryAsync("SELECT count(*) FROM t"));
    }

    private static async Task<(SourceObject Object, string Text)> ReadAsync(PostgresSource source)
    {
        await foreach (var found in source.ListAsync(TestContext.Current.CancellationToken))
        {
            using var reader = new StreamReader(await source.OpenAsync(found, ByteRange.All, TestContext.Current.CancellationToken));
            return (found, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        throw new InvalidOperationException("nothing is listed");
    }
}
