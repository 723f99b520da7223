using Etl.Core.Statistics;
using Xunit;

namespace Etl.Core.Tests.Statistics;

public sealed class HistogramTests
{
    private static readonly double[] Values = [.. Enumerable.Range(0, 5000).Select(i => Math.Round(Math.Sin(i) * i * 7.3, 2))];

    [Fact]
    public void EveryValueIsCountedInItsRange()
    {
        var histogram = Of(Values);
        Assert.InRange(histogram.Counts.Count, 2, 64);
        Assert.Equal(Values.Length, histogram.Counts.Sum());
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            var (from, to) = (histogram.Start + (i * histogram.Width), histogram.Start + ((i + 1) * histogram.Width));
            Assert.Equal(Values.Count(v => v >= from && v < to), histogram.Counts[i]);
        }
    }

    [Fact]
    public void TheOrderOfValuesDoesNotMatter() => AssertSame(Of(Values), Of([.. Values.Order()]));

    [Fact]
    public void PartsMergeIntoTheWhole()
    {
        var whole = new HistogramBuilder(-20);
        foreach (var part in Values.Chunk(777)) whole.Merge(Of(part));
        AssertSame(Of(Values), whole.Build()!);
    }

    [Fact]
    public void HugeTinyAndInfiniteValuesDoNoHarm()
    {
        var histogram = Of([double.MaxValue, -1e300, 1e-300, 0, double.NaN, double.PositiveInfinity, double.NegativeInfinity]);
        Assert.Equal(4, histogram.Counts.Sum());
        Assert.InRange(histogram.Counts.Count, 1, 64);
    }

    [Fact]
    public void NothingCountedIsNoHistogram() => Assert.Null(new HistogramBuilder(0).Build());

    private static Histogram Of(double[] values)
    {
        var builder = new HistogramBuilder(-20);
        foreach (var value in values) builder.Add(value);
        return builder.Build()!;
    }

    private static void AssertSame(Histogram expected, Histogram found)
    {
        Assert.Equal((expected.Exponent, expected.First), (found.Exponent, found.First));
        Assert.Equal(expected.Counts, found.Counts);
    }
}
