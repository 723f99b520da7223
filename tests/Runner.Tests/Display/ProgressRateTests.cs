using Etl.Runner.Display;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Runner.Tests.Display;

public sealed class ProgressRateTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ProgressRate rate;

    public ProgressRateTests() => rate = new ProgressRate(time);

    [Fact]
    public void NothingIsSaidBeforeThereIsSomethingToGoBy()
    {
        Assert.Null(rate.BytesPerSecond);
        rate.Add(0, 0);
        time.Advance(TimeSpan.FromSeconds(0.5));
        rate.Add(1000, 10);
        Assert.Null(rate.BytesPerSecond);
        Assert.Null(rate.TimeFor(1000));
    }

    [Fact]
    public void SpeedAndTimeLeftFollowTheLastSeconds()
    {
        Look(seconds: 20, bytes: 1000, rows: 10);
        Assert.Equal(1000, rate.BytesPerSecond!.Value, 3);
        Assert.Equal(10, rate.RowsPerSecond!.Value, 3);
        Assert.Equal(TimeSpan.FromSeconds(5), rate.TimeFor(5000));

        Look(seconds: 20, bytes: 10, rows: 1);
        Assert.Equal(10, rate.BytesPerSecond!.Value, 3);
    }

    [Fact]
    public void OfAStallNoTimeLeftIsSaid()
    {
        Look(seconds: 5, bytes: 1000, rows: 10);
        Look(seconds: 20, bytes: 0, rows: 0);
        Assert.Equal(0, rate.BytesPerSecond);
        Assert.Null(rate.TimeFor(1000));
    }

    [Fact]
    public void WhatIsTakenBackBeginsAnew()
    {
        Look(seconds: 10, bytes: 1000, rows: 10);
        rate.Add(0, 0);
        Assert.Null(rate.BytesPerSecond);
    }

    private long bytes, rows;

    private void Look(int seconds, long bytes, long rows)
    {
        rate.Add(this.bytes, this.rows);
        for (var i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            rate.Add(this.bytes += bytes, this.rows += rows);
        }
    }
}
