using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Core.Engine;

/// <summary>Counts the rejects of all splits against the pipeline's limit. A count is watched as rows go by; a share can only be judged at the end.</summary>
internal sealed class RejectBudget(RejectLimit limit)
{
    private long rejected;

    /// <summary>Counts one; false when it is one too many.</summary>
    public bool Take() => Interlocked.Increment(ref rejected) <= (limit.Rows ?? long.MaxValue);

    /// <summary>Judges the whole run.</summary>
    /// <exception cref="DataException">Too many rows were rejected.</exception>
    public void Judge(long rowsRejected, long rowsRead, string? deadLetters)
    {
        if (!limit.Allows(rowsRejected, rowsRead))
            throw new DataException($"{rowsRejected:N0} of {rowsRead:N0} rows were rejected, more than rejects.max ({limit}) allows, so nothing was loaded. {Advice(deadLetters)}");
    }

    /// <summary>The error for a count that was passed.</summary>
    public DataException Exceeded(string deadLetters) =>
        new($"More than {limit} rows were rejected, which is what rejects.max allows, so nothing was loaded. {Advice(deadLetters)}");

    private static string Advice(string? deadLetters) =>
        $"The rejected rows and the reasons are in {deadLetters}. Correct the data or the columns' types, or raise rejects.max (a count or a share such as 0.1%).";
}
