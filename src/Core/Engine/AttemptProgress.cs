using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>What one attempt at a split adds to the run's progress; it can be taken back, so that a split that is staged again counts once. Safe from any thread.</summary>
internal sealed class AttemptProgress
{
    private readonly RunProgress run;
    private long bytes, rows, rejected, staged, found;

    public AttemptProgress(RunProgress run, Split split)
    {
        (this.run, Split) = (run, split);
        run.Begin(this);
    }

    public Split Split { get; }

    public SplitProgress Now => new(Split, Interlocked.Read(ref bytes), Interlocked.Read(ref rows));

    public void Read(long moreBytes, long moreRows)
    {
        Interlocked.Add(ref bytes, moreBytes);
        Interlocked.Add(ref rows, moreRows);
        run.Read(moreBytes, moreRows);
    }

    public void Rejected(long more)
    {
        Interlocked.Add(ref rejected, more);
        run.Rejected(more);
    }

    public void Staged(long moreBytes)
    {
        Interlocked.Add(ref staged, moreBytes);
        run.Staged(moreBytes);
    }

    /// <summary>Counts a split that was staged before.</summary>
    public void Found(StageReceipt receipt)
    {
        Found(receipt.BytesRead);
        Read(receipt.BytesRead, receipt.RowsRead ?? 0);
        Rejected(receipt.RowsRejected ?? 0);
        Staged(receipt.Files.Sum(f => f.Bytes));
    }

    /// <summary>It is over, whether it went well or not. What it added stays.</summary>
    public void End() => run.End(this);

    /// <summary>Takes back all that was added.</summary>
    public void TakeBack()
    {
        Found(-Interlocked.Read(ref found));
        Read(-Interlocked.Read(ref bytes), -Interlocked.Read(ref rows));
        Rejected(-Interlocked.Read(ref rejected));
        Staged(-Interlocked.Read(ref staged));
    }

    private void Found(long moreBytes)
    {
        Interlocked.Add(ref found, moreBytes);
        run.Found(moreBytes);
    }
}
