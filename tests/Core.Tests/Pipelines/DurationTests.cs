using Etl.Core.Pipelines;
using Xunit;

namespace Etl.Core.Tests.Pipelines;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", "00:01:30")]
    [InlineData("10m", "00:10:00")]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("7d", "7.00:00:00")]
    [InlineData("0s", "00:00:00")]
    public void DurationsAreReadAsPeopleWriteThem(string text, string span)
    {
        Assert.Equal(TimeSpan.Parse(span), Duration.Parse(text, null).Value);
        Assert.Equal(Duration.Parse(text, null), Duration.Parse(Duration.Parse(text, null).ToString(), null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("5m3h")]
    [InlineData("1 h")]
    [InlineData("999999d")]
    public void WhatIsNoneIsRefused(string text) => Assert.False(Duration.TryParse(text, null, out _));
}
