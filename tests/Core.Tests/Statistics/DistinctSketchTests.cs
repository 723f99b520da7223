using Etl.Core.Statistics;
using Xunit;

namespace Etl.Core.Tests.Statistics;

public sealed class DistinctSketchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    public void TheEstimateIsWithinFourStandardErrors(int values)
    {
        var sketch = Of(0, values);
        Assert.InRange(sketch.Estimate(), values * (1 - (4 * 0.023)), values * (1 + (4 * 0.023)));
    }

    [Fact]
    public void ValuesSeenAgainCountOnce()
    {
        var sketch = Of(0, 1000);
        var before = sketch.Estimate();
        for (ulong i = 0; i < 1000; i++) sketch.Add(DistinctSketch.Mix(i));
        Assert.Equal(before, sketch.Estimate());
    }

    [Fact]
    public void PartsMergeIntoTheWhole()
    {
        var merged = Of(0, 30_000);
        Assert.True(merged.Merge(Of(20_000, 50_000).Pack()));
        Assert.Equal(Of(0, 50_000).Estimate(), merged.Estimate());
    }

    [Fact]
    public void APackIsSmallAndADamagedOneIsRefused()
    {
        Assert.True(Of(0, 5).Pack().Length < 40);
        Assert.True(Of(0, 1_000_000).Pack().Length < 1200);
        var sketch = Of(0, 10);
        Assert.False(sketch.Merge([1, 2, 3]));
        Assert.Equal(10, sketch.Estimate());
    }

    private static DistinctSketch Of(int from, int to)
    {
        var sketch = new DistinctSketch();
        for (var i = from; i < to; i++) sketch.Add(DistinctSketch.Mix((ulong)i));
        return sketch;
    }
}
