using Etl.Runner.Lambda;
using Xunit;

namespace Etl.Runner.Tests.Lambda;

public sealed class TimeLimitTests
{
    [Theory]
    [InlineData(900, 890, 30)]
    [InlineData(60, 54, 5.4)]
    [InlineData(3, 2.5, 0.25)]
    [InlineData(0.2, -0.3, 0)]
    public void MostOfTheTimeIsForWorkAndSomeIsKeptToSaveAndAnswer(double left, double work, double grace)
    {
        var limit = TimeLimit.Of(TimeSpan.FromSeconds(left));

        Assert.Equal(work, limit.Work.TotalSeconds, 3);
        Assert.Equal(grace, limit.Grace.TotalSeconds, 3);
    }
}
