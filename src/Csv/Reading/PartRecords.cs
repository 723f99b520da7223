using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>The records of an object that are wanted: all of them, or those that start in one part of it.</summary>
internal sealed class PartRecords : IDisposable
{
    private readonly long textOffset;
    private readonly long firstLine;
    private readonly bool ownsCursor;
    private readonly RecordRepair repair;
    private readonly string? startsIn;

    private PartRecords(OpenedObject opened, RecordCursor cursor, RowRejects rejects, long textOffset, long firstLine, bool ownsCursor)
    {
        (Cursor, Rejects) = (cursor, rejects);
        repair = opened.Repair;
        startsIn = EndsIn;
        (this.textOffset, this.firstLine, this.ownsCursor) = (textOffset, firstLine, ownsCursor);
    }

    /// <summary>Goes through them.</summary>
    public RecordCursor Cursor { get; }

    /// <summary>Describes those that do not fit.</summary>
    public RowRejects Rejects { get; }

    /// <summary>Whether the cursor is on the first of them already.</summary>
    public bool IsOnRow { get; private init; }

    /// <summary>Whether the cursor is on the header.</summary>
    public bool IsOnHeader { get; private init; }

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty { get; private init; }

    /// <summary>
    /// Whether parts of a text can be read by themselves: UTF-8 that is split as it is. Text that is transcoded, or rewritten because of its delimiter or its escapes, has other offsets than the
    /// object or cannot be taken up in the middle. What else the rows before decide is told by the head (how it is written, what its columns look like, whether encodings are mixed) or by the
    /// part before (that another table began).
    /// </summary>
    public static bool Divides(CsvDialect dialect) =>
        dialect.Encoding == "utf-8" && !dialect.NeedsStandIn() && (dialect.Escape is null || dialect.Escape == dialect.Quote);

    /// <summary>All records that an opened object's own cursor comes to.</summary>
    public static PartRecords All(OpenedObject opened) =>
        new(opened, opened.Cursor, opened.Rejects, opened.TextOffset, 1, ownsCursor: false) { IsOnRow = !opened.Dialect.HasHeader, IsOnHeader = opened.Dialect.HasHeader };

    /// <summary>The records of a part.</summary>
    public static async ValueTask<PartRecords> OpenAsync(OpenedObject opened, SplitInput input, string name, CancellationToken cancel)
    {
        var part = input.Part!;
        opened.Repair.InAnotherTable = part.StartsIn == TableEdges.AnotherTable;
        if (part.Head is null)
        {
            opened.Cursor.EndAt(part.End - opened.TextOffset);
            return All(opened);
        }
        var blocks = new TextBlocks(input.Content, $"{name} from byte {part.Offset}", 1);
        var start = part.IsRecordStart ? 0 : await AlignAsync(blocks, opened, cancel).ConfigureAwait(false);
        var cursor = new RecordCursor(blocks, opened.Dialect, start ?? 0);
        cursor.EndAt(part.End - part.Offset);
        if (start is null || !await cursor.ReadAsync(name, cancel).ConfigureAwait(false))
        {
            var at = cursor.FirstStart is { } next ? part.Offset + next : input.Object.Length;
            return new PartRecords(opened, cursor, opened.Rejects, part.Offset, 1, ownsCursor: true) { IsEmpty = true, Nowhere = at };
        }
        var line = blocks.LineOf(cursor.Start);
        var rejects = new RowRejects(blocks, opened.Dialect, name, part.Offset, (part.Offset + cursor.FirstStart!.Value, line));
        return new PartRecords(opened, cursor, rejects, part.Offset, line, ownsCursor: true) { IsOnRow = true };
    }

    /// <summary>Where the records turned out to start and end, once all were read.</summary>
    /// <param name="objectLength">The bytes of the object.</param>
    public SplitExtent Extent(long objectLength)
    {
        if (IsEmpty)
            return new SplitExtent(Nowhere, Nowhere, 0) { StartsIn = startsIn, EndsIn = EndsIn };
        var (end, line) = Cursor.IsPastEnd ? (textOffset + Cursor.Blocks.Offset + Cursor.Start, Cursor.Blocks.LineOf(Cursor.Start)) : (objectLength, Cursor.Blocks.LineOf(Cursor.Blocks.Length));
        return new SplitExtent(textOffset + Cursor.FirstStart!.Value, end, line - firstLine) { StartsIn = startsIn, EndsIn = EndsIn };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (ownsCursor)
            Cursor.Dispose();
    }

    private long Nowhere { get; init; }

    private string? EndsIn => repair.InAnotherTable ? TableEdges.AnotherTable : null;

    private static async ValueTask<int?> AlignAsync(TextBlocks blocks, OpenedObject opened, CancellationToken cancel)
    {
        while (await blocks.NextAsync(0, cancel).ConfigureAwait(false))
        {
            if (RecordAligner.FirstRecord(blocks.Buffer.AsMemory(0, blocks.Length), blocks.IsLast, opened.Dialect, opened.Fields.Length) is { } start)
                return start;
            if (blocks.IsLast)
                return null;
        }
        return null;
    }
}
