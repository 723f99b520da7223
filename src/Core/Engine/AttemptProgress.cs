using Etl.Core.Runs;

namespace Etl.Core.Engine;

/// <summary>What one attempt at a split adds to the run's progress; it can be taken back, so that a split that is staged again counts once. Safe from any thread.</summary>
internal sealed class AttemptProgress(RunProgress run)
{
    private long bytes, rows, rejected, staged;

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
        Read(receipt.BytesRead, receipt.RowsRead ?? 0);
        Rejected(receipt.RowsRejected ?? 0);
        Staged(receipt.Files.Sum(f => f.Bytes));
    }

    /// <summary>Takes back all that was added.</summary>
    public void TakeBack()
    {
        Read(-Interlocked.Read(ref bytes), -Interlocked.Read(ref rows));
        Rejected(-Interlocked.Read(ref rejected));
        Staged(-Interlocked.Read(ref staged));
    }
}
