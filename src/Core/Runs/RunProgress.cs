using Etl.Core.Engine;

namespace Etl.Core.Runs;

/// <summary>The steps of a run, in order.</summary>
public enum RunPhase
{
    /// <summary>Listing, sampling, agreeing on a schema.</summary>
    Plan,

    /// <summary>Reading, parsing, encoding, uploading.</summary>
    Stage,

    /// <summary>Assertions about what was staged, the load job, then the state.</summary>
    Commit,
}

/// <summary>When a phase was.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Started">When it began, by the clock of the process.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record PhaseTime(RunPhase Phase, DateTimeOffset Started, double Seconds);

/// <summary>Where a run stands. Written by its tasks, read by whoever shows it; safe from any thread.</summary>
public sealed class RunProgress(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly List<(RunPhase Phase, DateTimeOffset At, long Started, TimeSpan? Took)> phases = [];
    private readonly Dictionary<int, AttemptProgress> underWay = [];
    private RetryWait? waiting;
    private long bytesRead, bytesFound, bytesTotal, bytesStaged, rowsRead, rowsRejected;
    private int splitsTotal, splitsDone;

    /// <summary>The phase under way; null before the first.</summary>
    public RunPhase? Phase
    {
        get { lock (gate) return phases.Count == 0 ? null : phases[^1].Phase; }
    }

    /// <summary>How long each phase took so far.</summary>
    public IReadOnlyList<(RunPhase Phase, TimeSpan Took)> Phases
    {
        get { lock (gate) return [.. phases.Select(p => (p.Phase, p.Took ?? time.GetElapsedTime(p.Started)))]; }
    }

    /// <summary>When each phase began, and how long it took so far.</summary>
    public IReadOnlyList<PhaseTime> Timeline
    {
        get { lock (gate) return [.. phases.Select(p => new PhaseTime(p.Phase, p.At, Math.Round((p.Took ?? time.GetElapsedTime(p.Started)).TotalSeconds, 3)))]; }
    }

    /// <summary>Stored bytes read from the source while staging.</summary>
    public long BytesRead => Interlocked.Read(ref bytesRead);

    /// <summary>Those of <see cref="BytesRead"/> that were read by an earlier process: of splits that had been staged.</summary>
    public long BytesFound => Interlocked.Read(ref bytesFound);

    /// <summary>Stored bytes to read.</summary>
    public long BytesTotal => Interlocked.Read(ref bytesTotal);

    /// <summary>Bytes sent to the staging sink.</summary>
    public long BytesStaged => Interlocked.Read(ref bytesStaged);

    /// <summary>Rows read.</summary>
    public long RowsRead => Interlocked.Read(ref rowsRead);

    /// <summary>Rows rejected.</summary>
    public long RowsRejected => Interlocked.Read(ref rowsRejected);

    /// <summary>Splits to stage.</summary>
    public int SplitsTotal => splitsTotal;

    /// <summary>Splits staged.</summary>
    public int SplitsDone => splitsDone;

    /// <summary>The splits that are being staged, by number.</summary>
    public IReadOnlyList<SplitProgress> UnderWay
    {
        get { lock (gate) return [.. underWay.Values.Select(a => a.Now).OrderBy(s => s.Split.Index)]; }
    }

    /// <summary>What failed and waits to be done again; null when nothing does.</summary>
    public RetryWait? Waiting => Volatile.Read(ref waiting) is { } wait && time.GetUtcNow() < wait.Until ? wait : null;

    internal void Enter(RunPhase phase)
    {
        lock (gate)
        {
            End();
            phases.Add((phase, time.GetUtcNow(), time.GetTimestamp(), null));
        }
    }

    internal void End()
    {
        lock (gate)
            if (phases.Count > 0 && phases[^1].Took is null)
                phases[^1] = phases[^1] with { Took = time.GetElapsedTime(phases[^1].Started) };
    }

    internal void Expect(int splits, long bytes)
    {
        Interlocked.Add(ref splitsTotal, splits);
        Interlocked.Add(ref bytesTotal, bytes);
    }

    /// <summary>Counts from nothing again: what was staged so far is left behind.</summary>
    internal void Restart()
    {
        Interlocked.Exchange(ref bytesRead, 0);
        Interlocked.Exchange(ref bytesFound, 0);
        Interlocked.Exchange(ref bytesTotal, 0);
        Interlocked.Exchange(ref bytesStaged, 0);
        Interlocked.Exchange(ref rowsRead, 0);
        Interlocked.Exchange(ref rowsRejected, 0);
        Interlocked.Exchange(ref splitsTotal, 0);
        Interlocked.Exchange(ref splitsDone, 0);
    }

    internal void Begin(AttemptProgress attempt)
    {
        lock (gate) underWay[attempt.Split.Index] = attempt;
    }

    internal void End(AttemptProgress attempt)
    {
        lock (gate) underWay.Remove(attempt.Split.Index);
    }

    internal void Waits(RetryWait wait) => Volatile.Write(ref waiting, wait);

    internal void Found(long bytes) => Interlocked.Add(ref bytesFound, bytes);

    internal void SplitDone() => Interlocked.Increment(ref splitsDone);

    internal void Read(long bytes, long rows)
    {
        Interlocked.Add(ref bytesRead, bytes);
        Interlocked.Add(ref rowsRead, rows);
    }

    internal void Rejected(long rows) => Interlocked.Add(ref rowsRejected, rows);

    internal void Staged(long bytes) => Interlocked.Add(ref bytesStaged, bytes);
}
