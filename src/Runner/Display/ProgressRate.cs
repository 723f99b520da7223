namespace Etl.Runner.Display;

/// <summary>How fast it goes: the mean of the last seconds, so that a stall is seen and a hiccup is not.</summary>
internal sealed class ProgressRate(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private readonly Queue<(long At, long Bytes, long Rows)> looks = [];
    private (long At, long Bytes, long Rows) last;

    /// <summary>Bytes a second; null before the first second is over.</summary>
    public double? BytesPerSecond => Over(look => look.Bytes);

    /// <summary>Rows a second; null before the first second is over.</summary>
    public double? RowsPerSecond => Over(look => look.Rows);

    /// <summary>Notes how far it is now. Going back, because something is done again, begins anew.</summary>
    public void Add(long bytes, long rows)
    {
        if (bytes < last.Bytes) looks.Clear();
        last = (time.GetTimestamp(), bytes, rows);
        looks.Enqueue(last);
        while (time.GetElapsedTime(looks.Peek().At, last.At) > Window) looks.Dequeue();
    }

    /// <summary>How long <paramref name="bytes"/> take at this speed; null when that cannot be said.</summary>
    public TimeSpan? TimeFor(long bytes) => bytes > 0 && BytesPerSecond is > 0 and var speed && bytes / speed < TimeSpan.FromDays(100).TotalSeconds ? TimeSpan.FromSeconds(bytes / speed) : null;

    private double? Over(Func<(long At, long Bytes, long Rows), long> value)
    {
        if (looks.Count == 0) return null;
        var first = looks.Peek();
        var took = time.GetElapsedTime(first.At, last.At);
        return took < Shortest ? null : (value(last) - value(first)) / took.TotalSeconds;
    }
}
