using System.Globalization;
using Apache.Arrow;
using Etl.Core.Rows;

namespace Etl.Core.Contracts;

/// <summary>What a transform knows of the batch it is given, and where it says what became of its rows. One for each split, used by one thread at a time.</summary>
/// <param name="objectName">The object, for messages.</param>
public sealed class TransformInput(string objectName)
{
    private const int ShownCharacters = 64 << 10;
    private readonly List<Reject> rejects = [];
    private (long Line, long Offset)[]? places;
    private long? lineFrom;

    /// <summary>The object that the batch is from, with the file inside an archive after <c>!</c>.</summary>
    public string ObjectName { get; private set; } = objectName;

    /// <summary>The rows rejected so far that nobody took, in order.</summary>
    public IReadOnlyList<Reject> Rejects => rejects;

    /// <summary>Rows repaired, by kind.</summary>
    public IDictionary<string, long> Repairs { get; init; } = new SortedDictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The place of a row of the batch in words: its object, and its line where that is known.</summary>
    public string Place(int row) => places is null ? ObjectName
        : string.Create(CultureInfo.InvariantCulture, $"{ObjectName}, line {places[row].Line}{(lineFrom is { } from ? $" after byte {from}" : "")}");

    /// <summary>Rejects a row: it becomes a dead letter. The transform leaves it out of the batch it returns.</summary>
    /// <param name="batch">The batch as it was given.</param>
    /// <param name="row">The row of it.</param>
    /// <param name="column">The column at fault, or null when the whole row is.</param>
    /// <param name="value">The text at fault.</param>
    /// <param name="reason">Why, for a person: expected and found, without the value.</param>
    /// <param name="kind">Why, for grouping.</param>
    public void Reject(RecordBatch batch, int row, string? column, string value, string reason, string kind)
    {
        ArgumentNullException.ThrowIfNull(value);
        var (line, offset) = places?[row] ?? default;
        rejects.Add(new Reject(ObjectName, line, offset, column, Shown(value), reason, kind, Shown(RowText.Of(batch, row))) { LineFrom = places is null ? null : lineFrom });
    }

    /// <summary>Counts rows that were repaired.</summary>
    public void Repair(string kind, long rows)
    {
        if (rows > 0) Repairs[kind] = (Repairs.TryGetValue(kind, out var before) ? before : 0) + rows;
    }

    /// <summary>Says which rows of the batch stay, so that the transforms after this one know where they are.</summary>
    public void Keep(ReadOnlySpan<int> rows)
    {
        if (places is null) return;
        var kept = new (long, long)[rows.Length];
        for (var i = 0; i < kept.Length; i++) kept[i] = places[rows[i]];
        places = kept;
    }

    /// <summary>The next batch comes.</summary>
    /// <param name="name">The object it is from.</param>
    /// <param name="rows">Where its rows are; null when that is not known.</param>
    /// <param name="from">As <see cref="Reject.LineFrom"/>.</param>
    internal void Enter(string name, (long Line, long Offset)[]? rows, long? from) => (ObjectName, places, lineFrom) = (name, rows, from);

    /// <summary>A transform returned a batch of so many rows: where they are is only known as long as none is missing that nobody named.</summary>
    internal void Leave(int rows)
    {
        if (places?.Length != rows) places = null;
    }

    /// <summary>The rejected rows, which are then forgotten.</summary>
    internal Reject[] TakeRejects()
    {
        Reject[] taken = [.. rejects];
        rejects.Clear();
        return taken;
    }

    private static string Shown(string text) => text.Length > ShownCharacters ? text[..ShownCharacters] : text;
}
