using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Sql.Tests;

public sealed class FilterTransformTests
{
    private static readonly TableSchema Schema = Batches.Schema(("qty", ColumnType.Int64), ("status", ColumnType.String));

    [Fact]
    public async Task RowsForWhichTheConditionIsFalseOrNullAreLeftOut()
    {
        var bound = Bind("qty > 1 AND status <> 'test'");
        using var batch = bound.Apply(await Batches.OfAsync(Schema, "1,a\n2,b\n3,test\n,c\n4,\n"));
        Assert.Equal([["2", "b"]], Batches.Rows(batch));
    }

    [Fact]
    public async Task BatchesAreWorkedOnSideBySide()
    {
        var bound = Bind("qty % 2 = 0");
        var lengths = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var rows = 0;
            for (var i = 0; i < 10; i++)
            {
                using var batch = bound.Apply(await Batches.OfAsync(Schema, string.Concat(Enumerable.Range(0, 500).Select(n => $"{n},x\n"))));
                rows += batch.Length;
            }
            return rows;
        })));
        Assert.Equal(Enumerable.Repeat(2500, 8), lengths);
    }

    [Fact]
    public void AColumnThatIsNotThereIsFoundAtPlanTimeWithTheNearestName()
    {
        var error = Assert.Throws<DataException>(() => Bind("qyt > 1"));
        Assert.Contains("qyt", error.Message, StringComparison.Ordinal);
        Assert.Contains("qty", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qty >")]
    [InlineData("1 = 1) UNION ALL SELECT * FROM input WHERE (true")]
    [InlineData("qty = (SELECT max(qty) FROM input)")]
    public void WhatIsNoConditionOverARowIsRefused(string where) => Assert.Throws<DataException>(() => Bind(where));

    [Theory]
    [InlineData("status IN (SELECT content FROM read_text('/etc/hostname'))")]
    [InlineData("status IN (SELECT a FROM 'http://localhost/x.csv' AS t(a))")]
    public void AQueryReachesNoFileAndNoNetwork(string where) =>
        Assert.Contains("disabled", Assert.Throws<DataException>(() => Bind(where)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task AnErrorOnTheRowsSaysWhatToDoAndHoldsNoValue()
    {
        var bound = Bind("CAST(status AS BIGINT) > 1");
        var batch = await Batches.OfAsync(Schema, "1,secret-value\n");
        var error = Assert.Throws<DataException>(() => bound.Apply(batch));
        Assert.Contains("column status", error.Message, StringComparison.Ordinal);
        Assert.Contains("TRY_CAST", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AListOfManyConstantsIsStillARowAtATime()
    {
        var bound = Bind($"qty IN ({string.Join(", ", Enumerable.Range(0, 200))})");
        using var batch = bound.Apply(await Batches.OfAsync(Schema, "5,a\n500,b\n"));
        Assert.Equal([["5", "a"]], Batches.Rows(batch));
    }

    [Fact]
    public async Task ACommentAtTheEndOfAConditionHidesNothing()
    {
        var bound = Bind("qty > 1 -- small ones");
        using var batch = bound.Apply(await Batches.OfAsync(Schema, "1,a\n2,b\n"));
        Assert.Equal([["2", "b"]], Batches.Rows(batch));
    }

    private static Core.Contracts.BoundTransform Bind(string where) => new FilterTransform(new FilterOptions { Where = where }).Bind(Schema);
}
