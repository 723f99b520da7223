using Etl.Core.Engine;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class KeyDatesTests
{
    [Theory]
    [InlineData("s3://b/orders/2026-11-25.csv", "2026-11-25", "2026-11-25")]
    [InlineData("s3://b/orders/2026/11/25/a.csv", "2026-11-25", "2026-11-25")]
    [InlineData("s3://b/orders/2026/11/a.csv", "2026-11-01", "2026-11-30")]
    [InlineData("s3://b/orders_20261125.csv.gz", "2026-11-25", "2026-11-25")]
    [InlineData("s3://b/orders_20261125063000.csv", "2026-11-25", "2026-11-25")]
    [InlineData("s3://b/dt=2026-02-29/x-2026-03-01.csv", "2026-03-01", "2026-03-01")]
    [InlineData("s3://b/year=2026/month=2/day=5/a.csv", "2026-02-05", "2026-02-05")]
    [InlineData("s3://b/year=2024/month=02/a.csv", "2024-02-01", "2024-02-29")]
    [InlineData("s3://acme/orders/2026-11/01-tokyo.csv", "2026-11-01", "2026-11-30")]
    public void ADayOrMonthInAnAddressIsFound(string uri, string first, string last) =>
        Assert.Equal((DateOnly.Parse(first), DateOnly.Parse(last)), KeyDates.Of(uri));

    [Theory]
    [InlineData("s3://b/orders/a.csv")]
    [InlineData("s3://b/123202611259.csv")]
    [InlineData("s3://b/orders/2026.csv")]
    [InlineData("s3://b/orders/2026-13-01.csv")]
    [InlineData("s3://b/v1.2/3020-11-25.csv")]
    public void WhatIsNoDateIsNotTakenForOne(string uri) => Assert.Null(KeyDates.Of(uri));
}
