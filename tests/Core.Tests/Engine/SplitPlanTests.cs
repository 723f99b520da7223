using Etl.Core.Contracts;
using Etl.Core.Engine;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class SplitPlanTests
{
    [Fact]
    public void ARunTakesNoMoreFilesThanOneLoadTakes() => Assert.Equal(SplitPlan.MostSplits, SplitPlan.Fitting(Objects(12_000, 10), 100));

    [Fact]
    public void ALargeObjectCountsAsManyFilesAsItMayGive() => Assert.Equal(SplitPlan.MostSplits / 11, SplitPlan.Fitting(Objects(12_000, 1_000), 100));

    [Fact]
    public void ARunTakesNoMoreBytesThanOneLoadTakes() => Assert.Equal(15, SplitPlan.Fitting(Objects(20, 1L << 40), 1L << 40));

    [Fact]
    public void OneObjectIsAlwaysTaken() => Assert.Equal(1, SplitPlan.Fitting(Objects(2, 20L << 40), 1));

    private static SourceObject[] Objects(int count, long length) => [.. Enumerable.Range(0, count).Select(i => new SourceObject($"s3://b/{i}", "v", length, default))];
}
