using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Merging;
using Etl.Core.Schemas;
using Xunit;

namespace Etl.Core.Tests.Merging;

public sealed class MergeStatementTests
{
    private static readonly TableSchema Schema = new([new("id", ColumnType.Int64), new("a`b", ColumnType.String), new("at", ColumnType.Timestamp), new("gone", ColumnType.Bool), new("op", ColumnType.String), new("ratio", ColumnType.Float64)]);

    [Fact]
    public void TheLatestRowOfAKeyIsMergedAndAnOlderOneChangesNothing() => Assert.Equal(
        """
        MERGE INTO [t] AS t
        USING (SELECT * FROM [s] WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY <id> ORDER BY <at> DESC NULLS LAST, <a`b> DESC NULLS LAST) = 1) AS s
        ON t.<id> = s.<id>
        WHEN MATCHED AND (t.<at> IS NULL OR s.<at> >= t.<at>) THEN UPDATE SET <a`b> = s.<a`b>, <at> = s.<at>
        WHEN NOT MATCHED BY TARGET THEN INSERT (<id>, <a`b>, <at>) VALUES (s.<id>, s.<a`b>, s.<at>)
        """.ReplaceLineEndings("\n"),
        Write(new Options { Key = ["id"], LatestBy = "at" }, new TableSchema([.. Schema.Columns.Take(3)])));

    [Fact]
    public void WithoutLatestByAKeyThatComesTwiceIsAnError()
    {
        var sql = Write(new Options { Key = ["id", "op"] }, Schema);

        Assert.Contains("QUALIFY IF(COUNT(*) OVER (PARTITION BY <id>, <op>) > 1, ERROR('a key comes more than once", sql, StringComparison.Ordinal);
        Assert.Contains("ON t.<id> = s.<id> AND t.<op> = s.<op>\nWHEN MATCHED THEN UPDATE SET", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereTheKeyIsAllThereIsNothingIsUpdated() =>
        Assert.DoesNotContain("WHEN MATCHED", Write(new Options { Key = ["id"] }, new TableSchema([Schema.Columns[0]])), StringComparison.Ordinal);

    [Theory]
    [InlineData("gone", "", "COALESCE(s.<gone>, FALSE)")]
    [InlineData("at", "", "(s.<at> IS NOT NULL)")]
    [InlineData("op", "D,it's", "COALESCE(s.<op> IN ('D', 'it''s'), FALSE)")]
    public void AMarkedRowRemovesTheOneWithItsKeyAndIsNotAdded(string column, string values, string mark)
    {
        var sql = Write(new Options { Key = ["id"], HardDelete = new HardDeleteOptions { Column = column, Values = [.. values.Split(',', StringSplitOptions.RemoveEmptyEntries)] } }, Schema);

        Assert.Contains($"WHEN MATCHED AND {mark} THEN DELETE\nWHEN MATCHED THEN UPDATE", sql, StringComparison.Ordinal);
        Assert.Contains($"WHEN NOT MATCHED BY TARGET AND NOT {mark} THEN INSERT", sql, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ratio", null, null, "ratio is FLOAT64")]
    [InlineData("nope", null, null, "key names the column nope, which the run does not have. It has id, a`b")]
    [InlineData("id", "gone", null, "latest_by names gone, which is BOOL")]
    [InlineData("id", null, "op", "say what it holds in a deleted row")]
    [InlineData("id", null, "ratio", "hard_delete names ratio, which is FLOAT64")]
    public void ColumnsThatCannotBeWhatTheyAreNamedForAreRefused(string key, string? latestBy, string? deleted, string says)
    {
        var options = new Options { Key = [key], LatestBy = latestBy, HardDelete = deleted is null ? null : new HardDeleteOptions { Column = deleted } };

        Assert.Contains(says, Assert.Throws<DataException>(() => MergeCheck.Check(Schema, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsThatDoNotGoTogetherAreNamed()
    {
        Assert.Contains("needs key", Assert.Single(IMerging.Check(new Options())).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("latest_by goes with write: merge", Assert.Single(IMerging.Check(new Options { Write = WriteDisposition.Append, LatestBy = "at" })).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("AT is part of the key", Assert.Single(IMerging.Check(new Options { Key = ["at"], LatestBy = "AT" })).ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(IMerging.Check(new Options { Key = ["id"], LatestBy = "at" }));
    }

    private static string Write(Options options, TableSchema schema) => MergeStatement.Write(new SqlDialect(n => $"<{n}>", t => $"'{t.Replace("'", "''", StringComparison.Ordinal)}'", t => t.SqlName()), "[t]", "[s]", schema, options);

    private sealed record Options : IMerging
    {
        public WriteDisposition Write { get; init; } = WriteDisposition.Merge;

        public IReadOnlyList<string> Key { get; init; } = [];

        public string? LatestBy { get; init; }

        public HardDeleteOptions? HardDelete { get; init; }
    }
}
