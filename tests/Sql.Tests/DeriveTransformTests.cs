using Etl.Core.Errors;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Sql.Tests;

public sealed class DeriveTransformTests
{
    private static readonly TableSchema Schema = new([new("id", ColumnType.Int64, Nullable: false, "ID"), new("qty", ColumnType.Int64), new("price", ColumnType.Numeric), new("seen", ColumnType.Timestamp)]);

    [Fact]
    public async Task NewColumnsComeLastAndReplacedOnesStayWhereTheyAre()
    {
        var bound = Bind(("total", "qty * price"), ("QTY", "CAST(qty AS VARCHAR)"), ("day", "CAST(seen AS DATE)"));
        using var batch = bound.Apply(await Batches.OfAsync(Schema, "1,3,2.5,2024-01-31T23:30:00Z\n"));
        Assert.Equal([new Column("id", ColumnType.Int64, false, "ID"), new("qty", ColumnType.String), new("price", ColumnType.Numeric), new("seen", ColumnType.Timestamp), new("total", ColumnType.Numeric), new("day", ColumnType.Date)], bound.Output.Columns);
        Assert.Equal(["1", "3", "2.500000000", "7.500000000", "2024-01-31"], Batches.Rows(batch)[0].Where((_, i) => i != 3));
    }

    [Fact]
    public async Task EveryExpressionSeesTheRowAsItCame()
    {
        var bound = Bind(("qty", "qty + 1"), ("before", "qty"));
        using var batch = bound.Apply(await Batches.OfAsync(Schema, "1,3,2.5,2024-01-31T00:00:00Z\n"));
        Assert.Equal(("4", "3"), (Batches.Rows(batch)[0][1], Batches.Rows(batch)[0][4]));
    }

    [Theory]
    [InlineData("CAST(qty AS TINYINT)", ColumnType.Int64)]
    [InlineData("CAST(qty AS HUGEINT)", ColumnType.Numeric)]
    [InlineData("price / 3", ColumnType.Float64)]
    [InlineData("price * price", ColumnType.Numeric)]
    [InlineData("qty > 1", ColumnType.Bool)]
    [InlineData("date_trunc('month', seen)", ColumnType.Timestamp)]
    [InlineData("seen AT TIME ZONE 'Asia/Tokyo'", ColumnType.DateTime)]
    [InlineData("sha256(CAST(id AS VARCHAR))", ColumnType.String)]
    [InlineData("regexp_extract('a-1', '[0-9]+')", ColumnType.String)]
    public void AnExpressionHasTheTypeThatHoldsItsValues(string expression, ColumnType type) =>
        Assert.Equal(type, Bind(("x", expression)).Output.Columns[^1].Type);

    [Theory]
    [InlineData("[qty]", "Cast it")]
    [InlineData("sum(qty)", "GROUP BY")]
    [InlineData("row_number() OVER ()", "window")]
    [InlineData("unnest([1, 2])", "several rows of one")]
    public void WhatNoColumnHoldsOrNoRowGivesIsRefused(string expression, string why) =>
        Assert.Contains(why, Assert.Throws<DataException>(() => Bind(("x", expression))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ANumberThatDoesNotFitIsAnErrorAndNeverCut()
    {
        var bound = Bind(("x", "price * price * price"));
        var batch = await Batches.OfAsync(Schema, "1,1,99999999999999999999,2024-01-31T00:00:00Z\n");
        Assert.Contains("out of range", Assert.Throws<DataException>(() => bound.Apply(batch)).Message, StringComparison.Ordinal);
    }

    private static Core.Contracts.BoundTransform Bind(params (string Name, string Expression)[] columns) =>
        new DeriveTransform(new DeriveOptions { Columns = columns.ToDictionary(c => c.Name, c => c.Expression) }).Bind(Schema);
}
