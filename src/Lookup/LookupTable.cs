using Apache.Arrow;
using Etl.Core.Errors;
using Etl.Core.Rows;

namespace Etl.Lookup;

/// <summary>The rows of a lookup's file, found by their key. Safe from any thread.</summary>
internal sealed class LookupTable
{
    private const int MostNamed = 5;
    private readonly Dictionary<UInt128, int> rows = [];
    private readonly IArrowArray[] taken;

    /// <param name="path">The file, for errors.</param>
    /// <param name="keys">The key columns.</param>
    /// <param name="taken">The columns to take.</param>
    /// <param name="lines">The line of each row.</param>
    /// <exception cref="DataException">A key comes twice.</exception>
    public LookupTable(string path, IReadOnlyList<IArrowArray> keys, IArrowArray[] taken, IReadOnlyList<long> lines)
    {
        this.taken = taken;
        var hashes = new UInt128[lines.Count];
        RowHashes.Of(keys, hashes);
        var twice = new List<string>();
        rows.EnsureCapacity(hashes.Length);
        for (var row = 0; row < hashes.Length && twice.Count < MostNamed; row++)
            if (keys.All(k => k.IsValid(row)) && !rows.TryAdd(hashes[row], row)) twice.Add($"{lines[rows[hashes[row]]]} and {lines[row]}");
        if (twice.Count > 0)
            throw new DataException($"lookup: {path} has the same key on the lines {string.Join(", ", twice)}{(twice.Count == MostNamed ? ", and perhaps more" : "")}. A key stands there once; take out the other lines, or look up by more columns.");
    }

    /// <summary>The row of each key; -1 where there is none, or a part of the key is missing.</summary>
    public int[] Find(IReadOnlyList<IArrowArray> keys)
    {
        var hashes = new UInt128[keys[0].Length];
        RowHashes.Of(keys, hashes);
        var found = new int[hashes.Length];
        var anyNull = keys.Any(k => k.NullCount > 0);
        for (var i = 0; i < found.Length; i++)
            found[i] = (!anyNull || keys.All(k => k.IsValid(i))) && rows.TryGetValue(hashes[i], out var row) ? row : -1;
        return found;
    }

    /// <summary>The columns to take, in the rows <paramref name="found"/>.</summary>
    public IEnumerable<IArrowArray> Take(int[] found) => taken.Select(column => RowTake.From(column, found));
}
