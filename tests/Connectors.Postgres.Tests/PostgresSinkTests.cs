using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Xunit;

namespace Etl.Connectors.Postgres.Tests;

public sealed class PostgresSinkTests(PostgresCluster cluster) : IAsyncLifetime
{
    private static readonly TableSchema Orders = new([new Column("id", ColumnType.Int64, Nullable: false), new Column("note", ColumnType.String), new Column("at", ColumnType.Timestamp)]);
    private Warehouse warehouse = null!;

    public async ValueTask InitializeAsync() => warehouse = await Warehouse.CreateAsync(cluster);

    public ValueTask DisposeAsync()
    {
        warehouse.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task StagedRowsAreLoadedAndASecondCommitLoadsNothing()
    {
        var (run, receipts) = await warehouse.StageAsync(Orders, "id,note,at\n1,one,2024-02-29T12:00:00Z\n2,,\n3,\"\",2024-02-29T12:00:00.000001Z\n");

        var first = await warehouse.Sink().CommitAsync(run, receipts, TestContext.Current.CancellationToken);
        var second = await warehouse.Sink().CommitAsync(run, receipts, TestContext.Current.CancellationToken);

        Assert.Equal((3, first), (first.Rows, second));
        Assert.Equal("1|one|2024-02-29 12:00:00\n2|NULL|NULL\n3||2024-02-29 12:00:00.000001", await warehouse.QueryAsync("SELECT id, coalesce(note, 'NULL'), coalesce((at AT TIME ZONE 'UTC')::text, 'NULL') FROM orders ORDER BY id"));
        Assert.Equal($"{run.RunId}|orders|3", await warehouse.QueryAsync("SELECT run_id, \"table\", \"rows\" FROM _etl_loads"));
    }

    [Fact]
    public async Task CommitsOfOneRunAtTheSameTimeLoadItOnce()
    {
        var (run, receipts) = await warehouse.StageAsync(Orders, "id,note,at\n" + string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i},n,\n")));

        var receiptsOfAll = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => warehouse.Sink().CommitAsync(run, receipts, TestContext.Current.CancellationToken).AsTask()));

        Assert.Single(receiptsOfAll.Distinct());
        Assert.Equal("5000", await warehouse.QueryAsync("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task EveryTypeAndItsEdgesArriveExactly()
    {
        var schema = new TableSchema([.. Enum.GetValues<ColumnType>().Select(t => new Column(t.ToString().ToLowerInvariant(), t))]);
        string[] rows =
        [
            "-9223372036854775808,1.7976931348623157E308,-99999999999999999999999999999.999999999,0.00000000000000000000000000000000000001,true,0001-01-01,0001-01-01T00:00:00,9999-12-31T23:59:59.999999Z,23:59:59.999999,日本 😀",
            "9223372036854775807,-5E-324,0.000000001,-99999999999999999999999999999999999999.99999999999999999999999999999999999999,false,9999-12-31,9999-12-31T23:59:59.999999,1970-01-01T00:00:00Z,00:00:00,\"tab\tline\nquote\"\"\"",
            "0,NaN,12345678901.5,10000,,2000-01-01,1999-12-31T23:59:59.999999,2000-01-01T00:00:00Z,00:00:01,\\N",
            "5,,,,,,,,,",
        ];

        await warehouse.LoadAsync(schema, string.Join(',', schema.Columns.Select(c => c.Name)) + "\n" + string.Join('\n', rows) + "\n");

        var sums = await warehouse.QueryAsync("""
            SET timezone TO 'UTC';
            SELECT int64, float64, "numeric"::text, bignumeric::text, bool, "date", "datetime", "timestamp", "time", replace(replace("string", chr(10), '/'), chr(9), '>') FROM orders ORDER BY int64 NULLS LAST
            """);
        Assert.Equal(
        [
            "-9223372036854775808|1.7976931348623157e+308|-99999999999999999999999999999.999999999|0.00000000000000000000000000000000000001|t|0001-01-01|0001-01-01 00:00:00|9999-12-31 23:59:59.999999+00|23:59:59.999999|日本 😀",
            "0|NaN|12345678901.500000000|10000.00000000000000000000000000000000000000||2000-01-01|1999-12-31 23:59:59.999999|2000-01-01 00:00:00+00|00:00:01|\\N",
            "5|||||||||",
            "9223372036854775807|-5e-324|0.000000001|-99999999999999999999999999999999999999.99999999999999999999999999999999999999|f|9999-12-31|9999-12-31 23:59:59.999999|1970-01-01 00:00:00+00|00:00:00|tab>line/quote\"",
        ], sums.Split('\n'));
    }

    [Fact]
    public async Task AppendAddsRowsAndReplaceStartsAnewWithItsOwnColumns()
    {
        await warehouse.LoadAsync(Orders, "id,note,at\n1,a,\n");
        await warehouse.LoadAsync(Orders, "id,note,at\n2,b,\n");
        Assert.Equal("1,2", await warehouse.QueryAsync("SELECT string_agg(id::text, ',' ORDER BY id) FROM orders"));
        await warehouse.QueryAsync("GRANT SELECT ON orders TO pg_monitor");

        await warehouse.LoadAsync(new TableSchema([new Column("id", ColumnType.String), new Column("extra", ColumnType.Bool)]), "id,extra\nx,true\n", warehouse.Options(WriteDisposition.Replace));

        Assert.Equal("x|t", await warehouse.QueryAsync("SELECT * FROM orders"));
        Assert.Equal("t", await warehouse.QueryAsync("SELECT has_table_privilege('pg_monitor', 'orders', 'SELECT')"));
    }

    [Fact]
    public async Task ANewColumnIsAddedAndANarrowOneWidened()
    {
        await warehouse.LoadAsync(new TableSchema([new Column("id", ColumnType.Int64, Nullable: false)]), "id\n1\n");

        await warehouse.LoadAsync(new TableSchema([new Column("ID", ColumnType.Numeric), new Column("new", ColumnType.Date)]), "ID,new\n2.5,2024-01-31\n,2024-02-29\n");

        Assert.Equal("1.000000000|\n2.500000000|2024-01-31\n|2024-02-29", await warehouse.QueryAsync("SELECT id, new FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task AColumnOfAnotherTypeIsRefusedAtPlanTime()
    {
        await warehouse.QueryAsync("CREATE TABLE orders (id date, generated bigint GENERATED ALWAYS AS IDENTITY)");

        var wrong = await Assert.ThrowsAsync<DataException>(async () => await warehouse.Sink().CheckAsync(Warehouse.Run(new TableSchema([new Column("id", ColumnType.Int64)])), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<DataException>(async () => await warehouse.Sink().CheckAsync(Warehouse.Run(new TableSchema([new Column("generated", ColumnType.Int64)])), TestContext.Current.CancellationToken));

        Assert.Contains("id is date in public.orders", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowsFitATableThatPeopleMade()
    {
        await warehouse.QueryAsync("CREATE TABLE orders (nr bigserial PRIMARY KEY, id integer, amount numeric(10,2), note varchar(5), doc jsonb, key uuid)");
        var schema = new TableSchema([new Column("id", ColumnType.Int64), new Column("amount", ColumnType.Numeric), new Column("note", ColumnType.String), new Column("doc", ColumnType.String), new Column("key", ColumnType.String)]);

        await warehouse.LoadAsync(schema, "id,amount,note,doc,key\n1,12.50,abcde,\"{\"\"a\"\":1}\",a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n");

        Assert.Equal("1|1|12.50|abcde|1", await warehouse.QueryAsync("SELECT nr, id, amount, note, doc->>'a' FROM orders"));
    }

    [Theory]
    [InlineData("3000000000,1,a,{}", "out of the range")]
    [InlineData("1,1.005,a,{}", "would round")]
    [InlineData("1,1,secret,{}", "longer than its column")]
    [InlineData("1,1,a,secret", "none of its column's type")]
    public async Task WhatATableCannotHoldFailsTheLoadInWordsAndWithoutTheValue(string row, string words)
    {
        await warehouse.QueryAsync("CREATE TABLE orders (id integer, amount numeric(10,2), note varchar(5), doc jsonb)");
        var schema = new TableSchema([new Column("id", ColumnType.Int64), new Column("amount", ColumnType.Numeric), new Column("note", ColumnType.String), new Column("doc", ColumnType.String)]);

        var failed = await Assert.ThrowsAsync<DataException>(() => warehouse.LoadAsync(schema, $"id,amount,note,doc\n{row}\n"));

        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failed.Message, StringComparison.Ordinal);
        Assert.Equal("0", await warehouse.QueryAsync("SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task WhenAStagedFileIsGoneNothingIsLoadedAndTheRunCanBeAskedForAgain()
    {
        await warehouse.LoadAsync(Orders, "id,note,at\n1,a,\n");
        var (run, receipts) = await warehouse.StageAsync(Orders, "id,note,at\n2,b,\n");
        var path = new Uri(receipts[0].Files[0].Uri).LocalPath;
        File.Move(path, path + ".away");
        var sink = warehouse.Sink(warehouse.Options(WriteDisposition.Replace));

        await Assert.ThrowsAsync<ServiceException>(async () => await sink.CommitAsync(run, receipts, TestContext.Current.CancellationToken));
        Assert.Equal("1", await warehouse.QueryAsync("SELECT string_agg(id::text, ',') FROM orders"));
        File.Move(path + ".away", path);
        await sink.CommitAsync(run, receipts, TestContext.Current.CancellationToken);

        Assert.Equal("2", await warehouse.QueryAsync("SELECT string_agg(id::text, ',') FROM orders"));
    }

    [Fact]
    public async Task FewerRowsThanWereStagedAreNotLoaded()
    {
        var (run, receipts) = await warehouse.StageAsync(Orders, "id,note,at\n1,a,\n");

        await Assert.ThrowsAsync<DataException>(async () => await warehouse.Sink().CommitAsync(run, [receipts[0] with { RowsStaged = 2, RowsRead = 2 }], TestContext.Current.CancellationToken));

        Assert.Equal("0", await warehouse.QueryAsync("SELECT count(*) FROM pg_class WHERE relname IN ('orders', '_etl_loads')"));
    }

    [Fact]
    public async Task ATextWithNulIsRefusedInWords() =>
        Assert.Contains("NUL", (await Assert.ThrowsAsync<DataException>(() => warehouse.LoadAsync(Orders, "id,note,at\n1,a\0b,\n"))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task MergeKeepsTheLatestRowOfEachKeyAndRemovesTheDeleted()
    {
        var schema = new TableSchema([new Column("id", ColumnType.Int64), new Column("at", ColumnType.Int64), new Column("op", ColumnType.String), new Column("note", ColumnType.String)]);
        var options = warehouse.Options(WriteDisposition.Merge) with { Key = ["ID"], LatestBy = "at", HardDelete = new HardDeleteOptions { Column = "op", Values = ["D"] } };

        var first = await warehouse.LoadAsync(schema, "id,at,op,note\n1,10,I,a\n1,12,U,b\n2,10,I,c\n3,10,I,d\n4,1,D,never\n", options);
        var second = await warehouse.LoadAsync(schema, "id,at,op,note\n1,11,U,late\n2,11,D,\n3,10,U,same\n5,1,I,new\n", options);

        Assert.Equal((new RowChanges(3, 0, 0), new RowChanges(1, 1, 1)), (first.Changes, second.Changes));
        Assert.Equal("1|12|b\n3|10|same\n5|1|new", await warehouse.QueryAsync("SELECT id, at, note FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task AKeyThatComesTwiceWithoutLatestByIsRefusedAndNothingIsMerged()
    {
        var options = warehouse.Options(WriteDisposition.Merge) with { Key = ["id"] };

        Assert.Contains("latest_by", (await Assert.ThrowsAsync<DataException>(() => warehouse.LoadAsync(Orders, "id,note,at\n1,a,\n1,b,\n", options))).Message, StringComparison.Ordinal);
        Assert.Equal("", await warehouse.QueryAsync("SELECT to_regclass('orders')"));
    }

    [Fact]
    public async Task RowsOfObjectsThatChangedTakeThePlaceOfTheOldOnes()
    {
        var schema = new TableSchema([new Column("id", ColumnType.Int64), new Column("_etl_object", ColumnType.String) { Metadata = RowOrigin.Object }]);
        await warehouse.LoadAsync(schema, "id,_etl_object\n1,s3://b/it's\n2,s3://b/c\n");

        var receipt = await warehouse.LoadAsync(schema, "id,_etl_object\n3,s3://b/it's\n", replaces: ["s3://b/it's"]);

        Assert.Equal(new RowChanges(1, 0, 1), receipt.Changes);
        Assert.Equal("2,3", await warehouse.QueryAsync("SELECT string_agg(id::text, ',' ORDER BY id) FROM orders"));
    }

    [Fact]
    public async Task NamesAreQuotedWhateverTheyAre()
    {
        var options = warehouse.Options() with { Schema = "my \"schema\"", Table = "drop table orders; --" };

        await warehouse.LoadAsync(Orders, "id,note,at\n1,a,\n", options);
        await warehouse.LoadAsync(Orders, "id,note,at\n2,b,\n", options);

        Assert.Equal("2", await warehouse.QueryAsync("SELECT count(*) FROM \"my \"\"schema\"\"\".\"drop table orders; --\""));
    }

    [Fact]
    public async Task AServerThatIsNotThereIsSaidToBe()
    {
        var sink = warehouse.Sink(warehouse.Options() with { Host = "127.0.0.1", Port = 1 });

        var failed = await Assert.ThrowsAsync<ServiceException>(async () => await sink.DescribeAsync(TestContext.Current.CancellationToken));

        Assert.True(failed.Transient);
        Assert.Contains("cannot be reached", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADatabaseThatIsNotThereIsSaidToBe()
    {
        var failed = await Assert.ThrowsAsync<ServiceException>(async () => await warehouse.Sink(warehouse.Options() with { Database = "none" }).DescribeAsync(TestContext.Current.CancellationToken));

        Assert.Contains("There is no database none", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherFormatsThanParquetAreRefusedAtPlanTime() =>
        Assert.Contains("stages ndjson", (await Assert.ThrowsAsync<DataException>(async () => await warehouse.Sink().CheckAsync(Warehouse.Run(Orders, format: StagingFormat.Ndjson), TestContext.Current.CancellationToken))).Message, StringComparison.Ordinal);
}
