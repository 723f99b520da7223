namespace Etl.Core.Runs;

/// <summary>One stage task of several that share a run.</summary>
/// <param name="Task">Which, from 0.</param>
/// <param name="Of">How many there are.</param>
public sealed record TaskShare(int Task, int Of)
{
    /// <summary>What a split costs besides its bytes, in bytes that take as long: opening it, its receipt, the end of its upload.</summary>
    public const long SplitCost = 4L << 20;

    /// <summary>The most tasks of one run: it has fewer splits than that.</summary>
    public const int Most = 10_000;

    /// <summary>Its splits, in order.</summary>
    public IReadOnlyList<Split> Among(IReadOnlyList<Split> splits) => Divide(splits, Of)[Task];

    /// <summary>Divides the splits of a run among <paramref name="tasks"/>: the largest first, each to the task that has least so far. Every task comes to the same result by itself.</summary>
    /// <returns>The splits of each task, in split order.</returns>
    public static IReadOnlyList<IReadOnlyList<Split>> Divide(IReadOnlyList<Split> splits, int tasks)
    {
        ArgumentNullException.ThrowIfNull(splits);
        ArgumentOutOfRangeException.ThrowIfLessThan(tasks, 1);
        var shares = new List<Split>[tasks];
        var least = new PriorityQueue<int, (long Load, int Task)>();
        for (var task = 0; task < tasks; task++)
        {
            shares[task] = [];
            least.Enqueue(task, (0, task));
        }

        foreach (var split in splits.OrderByDescending(s => s.Bytes).ThenBy(s => s.Index))
        {
            least.TryDequeue(out var task, out var priority);
            shares[task].Add(split);
            least.Enqueue(task, (priority.Load + split.Bytes + SplitCost, task));
        }

        foreach (var share in shares) share.Sort((a, b) => a.Index.CompareTo(b.Index));
        return shares;
    }

    /// <summary>The tasks, of <paramref name="tasks"/>, that the splits with these indexes belong to.</summary>
    public static IReadOnlyList<int> TasksOf(RunManifest run, IEnumerable<int> splits, int tasks)
    {
        ArgumentNullException.ThrowIfNull(run);
        var wanted = splits.ToHashSet();
        return [.. Divide(run.Splits, tasks).Index().Where(share => share.Item.Any(s => wanted.Contains(s.Index))).Select(share => share.Index)];
    }
}
