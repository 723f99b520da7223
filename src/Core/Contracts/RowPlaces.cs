namespace Etl.Core.Contracts;

/// <summary>Where the rows of the batch that a parser is about to give start in their object, in order; used by one thread at a time.</summary>
public sealed class RowPlaces
{
    private readonly List<(long Line, long Offset)> rows = [];

    /// <summary>The byte that lines are counted from, as in <see cref="Reject.LineFrom"/>: set by the parser where it cannot count from the object's start.</summary>
    public long? LineFrom { get; set; }

    /// <summary>Notes the next row.</summary>
    /// <param name="line">The 1-based line it starts on; in a part of an object, counted from wherever.</param>
    /// <param name="offset">The byte it starts at, as <see cref="Reject.ByteOffset"/> counts.</param>
    public void Add(long line, long offset) => rows.Add((line, offset));

    /// <summary>The places of a batch's rows, which are then forgotten.</summary>
    /// <exception cref="InvalidOperationException">The parser noted another number of rows than it gave.</exception>
    public (long Line, long Offset)[] Take(int count)
    {
        if (rows.Count != count) throw new InvalidOperationException($"The parser gave {count} rows and said of {rows.Count} where they are.");
        (long, long)[] taken = [.. rows];
        rows.Clear();
        return taken;
    }
}
