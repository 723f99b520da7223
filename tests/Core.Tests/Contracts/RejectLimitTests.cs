using Etl.Core.Contracts;
using Xunit;

namespace Etl.Core.Tests.Contracts;

public sealed class RejectLimitTests
{
    [Theory]
    [InlineData("0", 0, 100, true)]
    [InlineData("0", 1, 100, false)]
    [InlineData("5", 5, 5, true)]
    [InlineData("1%", 1, 100, true)]
    [InlineData("1%", 1, 99, false)]
    [InlineData("0.1%", 2, 1999, false)]
    [InlineData("100%", 7, 7, true)]
    public void ALimitAllowsUpToItself(string text, long rejected, long read, bool allowed) =>
        Assert.Equal(allowed, RejectLimit.Parse(text, null).Allows(rejected, read));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("1,5%")]
    [InlineData("many")]
    public void SomethingElseIsNotALimit(string text) => Assert.False(RejectLimit.TryParse(text, null, out _));
}
