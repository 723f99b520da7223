using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.Statistics;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Tests.Statistics;

public sealed class SplitStatisticsTests
{
    private static readonly TableSchema Schema = new([
        new("id", ColumnType.Int64), new("day", ColumnType.Date), new("at", ColumnType.Timestamp), new("rate", ColumnType.Float64), new("price", ColumnType.Numeric),
        new("exact", ColumnType.BigNumeric), new("paid", ColumnType.Bool), new("name", ColumnType.String)]);

    [Fact]
    public void EveryTypeHasItsCountsAndItsExtremes()
    {
        var found = Count(Schema, new ReportOptions(), Batch([3, null, -5], "ü", "aaa", null));

        Assert.Equal((3, 1, 2), (found[0].Rows, found[0].Nulls, found[0].DistinctEstimate));
        Assert.Equal([("-5", "3"), ("1969-12-27", "1970-01-04"), ("1969-12-31 23:59:59.999995+00:00", "1970-01-01 00:00:00.000003+00:00"), ("-5", "3"), ("-5", "3"), ("-5", "3"), (null, null), ("aaa", "ü")], found.Select(c => (c.Min, c.Max)));
        Assert.Equal([1L, 0, 0, 0, 0, 0, 0, 0, 1], found[0].Histogram!.Counts);
        Assert.Equal([1L, 1], found[6].Histogram!.Counts);
        Assert.Equal([1L, 1], found[7].Histogram!.Counts);
    }

    [Fact]
    public void SplitsMergeIntoWhatOneWouldHaveCounted()
    {
        var (first, second) = (Batch([3, null, -5], "b", "a", null), Batch([10, 9, 3], "c", "a", "ab"));
        var whole = Count(Schema, new ReportOptions(), first, second);
        var merged = ColumnStatistics.Merge([Stored(Count(Schema, new ReportOptions(), first)), Stored(Count(Schema, new ReportOptions(), second))]);

        Assert.Equal(JsonSerializer.Serialize(whole, ManifestJson.Options), JsonSerializer.Serialize(merged, ManifestJson.Options));
    }

    [Fact]
    public void OfMaskedColumnsAndWithoutValuesOnlyCountsAreKept()
    {
        var masked = new TableSchema([.. Schema.Columns.Select(c => c with { IsMasked = true })]);
        var batch = Batch([3, null, -5], "secret", "b", null);

        Assert.All(Count(masked, new ReportOptions(), batch), c => Assert.Equal((true, 1, null, null, null), (c.Masked, (int)c.Nulls, c.Min, c.Max, c.Histogram)));
        Assert.All(Count(Schema, new ReportOptions { Values = false }, batch), c => Assert.Equal((false, null, null, null), (c.Masked, c.Min, c.Max, c.Histogram)));
        Assert.Null(SplitStatistics.For(Schema, 1, new ReportOptions { Enabled = false }));
        Assert.Null(SplitStatistics.For(Schema, 1, null));
    }

    [Fact]
    public void ALongTextIsCutAtAWholeLetter()
    {
        var found = Count(Schema, new ReportOptions(), Batch([1, 2, 3], string.Concat(Enumerable.Repeat("日😀", 5000)), "zz", null));

        Assert.EndsWith("…", found[7].Max, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', found[7].Max!);
        Assert.InRange(found[7].Max!.Length, 10, 41);
        Assert.Equal("zz", found[7].Min);
    }

    [Theory]
    [InlineData("9", "10")]
    [InlineData("-10", "-9")]
    [InlineData("-1", "0")]
    [InlineData("0.5", "0.51")]
    [InlineData("99999999999999999999999999998.5", "99999999999999999999999999999")]
    public void DecimalTextsAreOrderedAsNumbers(string less, string more)
    {
        var order = ValueOrder.Of(ColumnType.Numeric);
        Assert.True(order.Compare(less, more) < 0);
        Assert.True(order.Compare(more, less) > 0);
        Assert.Equal(0, order.Compare(less, less));
    }

    [Fact]
    public void OfVeryManySplitsFewerColumnsAreCounted()
    {
        var wide = new TableSchema([.. Enumerable.Range(0, 150).Select(i => new Column($"c{i}", ColumnType.Bool))]);

        Assert.Equal(100, SplitStatistics.For(wide, 1, new ReportOptions())!.Build().Count);
        Assert.Equal(5, SplitStatistics.For(wide, 10_000, new ReportOptions())!.Build().Count);
    }

    private static IReadOnlyList<ColumnStatistics> Count(TableSchema schema, ReportOptions options, params RecordBatch[] batches)
    {
        var statistics = SplitStatistics.For(schema, 1, options)!;
        foreach (var batch in batches) statistics.Add(batch);
        return statistics.Build();
    }

    private static IReadOnlyList<ColumnStatistics> Stored(IReadOnlyList<ColumnStatistics> counted) =>
        JsonSerializer.Deserialize<IReadOnlyList<ColumnStatistics>>(ManifestJson.Serialize(counted), ManifestJson.Options)!;

    private static RecordBatch Batch(int?[] numbers, params string?[] texts)
    {
        var (ids, days, times, rates, prices, exact, paid) = (new Int64Array.Builder(), new Date32Array.Builder(), new TimestampArray.Builder((TimestampType)ColumnType.Timestamp.ToArrow()), new DoubleArray.Builder(),
            new Decimal128Array.Builder(new Decimal128Type(38, 9)), new Decimal256Array.Builder(new Decimal256Type(76, 38)), new BooleanArray.Builder());
        foreach (var number in numbers)
        {
            ids.Append(number);
            rates.Append(number);
            if (number is { } n)
            {
                days.Append(DateTime.UnixEpoch.AddDays(n));
                times.Append(DateTimeOffset.UnixEpoch.AddMicroseconds(n));
                prices.Append((decimal)n);
                exact.Append((decimal)n);
                paid.Append(n > 0);
            }
            else
            {
                days.AppendNull();
                times.AppendNull();
                prices.AppendNull();
                exact.AppendNull();
                paid.AppendNull();
            }
        }

        return new RecordBatch(Schema.ToArrow(), [ids.Build(), days.Build(), times.Build(), rates.Build(), prices.Build(), exact.Build(), paid.Build(), new StringArray.Builder().AppendRange(texts).Build()], numbers.Length);
    }
}
