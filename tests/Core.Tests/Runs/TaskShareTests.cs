using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Xunit;

namespace Etl.Core.Tests.Runs;

public sealed class TaskShareTests
{
    private static readonly Gen<(IReadOnlyList<Split> Splits, int Tasks)> Runs =
        Gen.Select(Gen.Long[0, 512L << 20].List[0, 200], Gen.Int[1, 40], (lengths, tasks) => (Splits(lengths), tasks));

    [Fact]
    public void EverySplitIsOfExactlyOneTask() => Runs.Sample(run =>
        Assert.Equal(run.Splits, TaskShare.Divide(run.Splits, run.Tasks).SelectMany(s => s).OrderBy(s => s.Index)));

    [Fact]
    public void NoTaskHasMuchMoreThanAnother() => Runs.Sample(run =>
    {
        var loads = TaskShare.Divide(run.Splits, run.Tasks).Select(s => s.Sum(Cost)).ToList();
        Assert.True(loads.Max() - loads.Min() <= run.Splits.Select(Cost).Append(0).Max());
    });

    [Fact]
    public void EveryTaskComesToTheSameShares() => Runs.Sample(run =>
    {
        var shares = TaskShare.Divide(run.Splits, run.Tasks);
        for (var task = 0; task < run.Tasks; task++) Assert.Equal(shares[task], new TaskShare(task, run.Tasks).Among([.. run.Splits.Select(s => s with { })]));
    });

    [Fact]
    public void SmallObjectsAreSharedByTheirNumber()
    {
        var shares = TaskShare.Divide(Splits([.. Enumerable.Range(0, 100).Select(i => (long)i), 50L << 20]), 4);

        Assert.All(shares.Where(s => s.All(split => split.Bytes < 100)), s => Assert.InRange(s.Count, 28, 31));
        Assert.InRange(shares.Single(s => s.Any(split => split.Bytes > 100)).Count, 14, 18);
    }

    private static long Cost(Split split) => split.Bytes + TaskShare.SplitCost;

    private static IReadOnlyList<Split> Splits(List<long> lengths) =>
        [.. lengths.Select((length, i) => new Split(i, new SourceObject($"memory://{i}", "1", length, default), ByteRange.All))];
}
