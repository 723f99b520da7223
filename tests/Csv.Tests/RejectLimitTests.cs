namespace Etl.Csv.Tests;

public sealed class RejectLimitTests
{
    [Theory]
    [InlineData("100", 100, 5, false)]
    [InlineData("100", 101, 1_000_000, true)]
    [InlineData("0.1%", 1, 1000, false)]
    [InlineData("0.1%", 2, 1000, true)]
    [InlineData("0", 1, 10, true)]
    public void ALimitIsANumberOrAShare(string text, long rejected, long read, bool exceeded)
    {
        var limit = RejectLimit.Parse(text, null);
        Assert.Equal(exceeded, limit.IsExceededBy(rejected, read));
        Assert.Equal(text, limit.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("200%")]
    [InlineData("few")]
    [InlineData("1.5")]
    public void AnythingElseIsNoLimit(string text) => Assert.False(RejectLimit.TryParse(text, null, out _));
}
