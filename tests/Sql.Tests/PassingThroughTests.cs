using CsCheck;
using Etl.Core.Schemas;

namespace Etl.Sql.Tests;

/// <summary>A value of any type that a query only hands on comes out as it went in.</summary>
public sealed class PassingThroughTests
{
    private const string Row = "-9223372036854775808,0.1,-99999999999999999999999999999.123456789,12345678901234567890123456789012345678.12345678901234567890123456789012345678,true,0001-01-01,9999-12-31 23:59:59.999999,2024-02-29T12:34:56.789012Z,23:59:59.999999,\"\"\"quoted\"\", 日本 😀\"\n";

    [Fact]
    public async Task EveryTypeAndItsNull()
    {
        const string Rows = Row + ",,,,,,,,,\n" + Row;
        using var expected = await Batches.OfAsync(Batches.EveryType, Rows + "0,0,0,0,false,1970-01-01,1970-01-01 00:00:00,1970-01-01T00:00:00Z,00:00:00,\"\"\n");
        var bound = new FilterTransform(new FilterOptions { Where = "true" }).Bind(Batches.EveryType);

        using var batch = bound.Apply(await Batches.OfAsync(Batches.EveryType, Rows + "0,0,0,0,false,1970-01-01,1970-01-01 00:00:00,1970-01-01T00:00:00Z,00:00:00,\"\"\n"));

        Assert.Equal(Batches.EveryType, bound.Output);
        Assert.Equal(Batches.Rows(expected), Batches.Rows(batch));
        Assert.Equal(Batches.EveryType.ToArrow().FieldsList.Select(f => f.DataType.Name), batch.Schema.FieldsList.Select(f => f.DataType.Name));
    }

    [Fact]
    public async Task ManyRowsKeepTheirOrder()
    {
        var schema = Batches.Schema(("i", ColumnType.Int64), ("s", ColumnType.String), ("b", ColumnType.BigNumeric), ("t", ColumnType.Bool));
        var bound = new FilterTransform(new FilterOptions { Where = "i % 3 <> 0 OR i IS NULL" }).Bind(schema);
        await Gen.Select(Gen.Int[0, 9], Gen.Bool).Array[1, 9_000].SampleAsync(async rows =>
        {
            var lines = rows.Select(r => $"{r.Item1},x{r.Item1},{(r.Item2 ? "" : $"{r.Item1}.5")},{(r.Item2 ? "true" : "")}").ToList();
            using var expected = await Batches.OfAsync(schema, string.Join('\n', lines.Where((_, i) => rows[i].Item1 % 3 != 0).Append("7,x7,,")) + "\n");
            using var batch = bound.Apply(await Batches.OfAsync(schema, string.Join('\n', lines.Append("7,x7,,")) + "\n"));
            Assert.Equal(Batches.Rows(expected), Batches.Rows(batch));
        }, iter: 20);
    }

    [Fact]
    public async Task NoRowLeftIsAnEmptyBatch()
    {
        var bound = new FilterTransform(new FilterOptions { Where = "i > 0" }).Bind(Batches.EveryType);
        using var batch = bound.Apply(await Batches.OfAsync(Batches.EveryType, Row));
        Assert.Equal(0, batch.Length);
        Assert.Equal(Batches.EveryType.Columns.Count, batch.ColumnCount);
    }
}
