using System.Text;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Reads a record again that is not plainly right: quotes that do not match, too many or too few fields, lines that are no rows. What has one obvious reading is repaired, the rest is rejected. Called for such records only, by one thread at a time.</summary>
internal sealed class RecordRepair
{
    // A quoted field of more lines than this is not looked for in text that a quote left open.
    private const int LongestRecord = 20;
    private static readonly string[] OtherDelimiters = [",", ";", "\t", "|", " "];
    private readonly CsvDialect dialect;
    private readonly int width;
    private readonly RowProfile profile;
    private readonly RepairOptions actions;
    private readonly TableEdges edges;
    private readonly LenientFields fields;
    private readonly FieldAlignment alignment;
    private readonly string delimiter;
    private byte[] room = [];

    // Alignment is work; a file of nothing but broken rows is rejected rather than waited for.
    private long budget = 100_000_000;

    /// <param name="dialect">How the object is written.</param>
    /// <param name="profile">What its rows look like.</param>
    /// <param name="header">The names in its header; empty without one.</param>
    /// <param name="actions">Which repairs are wanted.</param>
    public RecordRepair(CsvDialect dialect, RowProfile profile, IReadOnlyList<string> header, RepairOptions actions)
    {
        (this.dialect, this.profile, this.actions) = (dialect, profile, actions);
        width = profile.Columns.Count;
        delimiter = dialect.NeedsStandIn() ? CsvReaders.DelimiterStandIn.ToString() : dialect.Delimiter;
        edges = new TableEdges(header, profile);
        // An escaped quote comes here as a doubled one.
        fields = new LenientFields(delimiter, dialect.Quote, dialect.Quote);
        alignment = new FieldAlignment(profile, Encoding.UTF8.GetBytes(dialect.Delimiter));
    }

    /// <summary>The header's first name: a record that starts with it may be the header again. Empty when there is none to look for.</summary>
    public byte[] FirstName => edges.FirstName;

    /// <summary>Whether another table has begun: its rows are rejected, whatever they look like.</summary>
    public bool InAnotherTable => edges.InAnotherTable;

    /// <summary>What a record is.</summary>
    /// <param name="record">The record as the reader gave it, without its line end; a quote that is never closed may have joined others to it.</param>
    /// <param name="fault">Whether its quotes do not match.</param>
    public RepairedRecord Repair(ReadOnlySpan<byte> record, bool fault)
    {
        var length = record.IndexOfAny((byte)'\r', (byte)'\n') < 0 ? record.Length : Extent(record);
        var (outcome, kind, reason, found) = Read(record[..length], fault);
        if (dialect is { Quote: { } quote, Escape: { } escape } && quote != escape)
            found = found.ConvertAll(f => f with { Text = BackslashStream.Unescape(f.Text.Span, (byte)escape, ref room).ToArray() });
        if (outcome != RecordOutcome.Rejected && actions.Of(kind) is var action and not RepairAction.Accept)
            (outcome, reason) = (RecordOutcome.Rejected, RepairOptions.Describe(kind));
        return new RepairedRecord(length, outcome, kind, reason, found);
    }

    // How far the first record reaches: the number of lines that gives all fields with the fewest quotes for text.
    private int Extent(ReadOnlySpan<byte> text)
    {
        int? best = null;
        var fewest = int.MaxValue;
        var end = 0;
        for (var lines = 1; lines <= LongestRecord && end < text.Length; lines++)
        {
            var next = text[end..].IndexOfAny((byte)'\r', (byte)'\n');
            var length = next < 0 ? text.Length : end + next;
            if (Split(text[..length], out var strays) is not null && strays < fewest)
                (best, fewest) = (length, strays);
            if (next < 0 || fewest == 0)
                break;
            end = length + 1;
            if (text[length] == '\r' && end < text.Length && text[end] == '\n')
                end++;
        }
        if (best is { } found)
            return found;
        var first = text.IndexOfAny((byte)'\r', (byte)'\n');
        return first < 0 ? text.Length : first;
    }

    private (RecordOutcome Outcome, string Kind, string Reason, List<LooseField> Fields) Read(ReadOnlySpan<byte> record, bool fault)
    {
        if (dialect.Comment is { } comment && record.TrimStart((byte)' ').StartsWith(Encoding.UTF8.GetBytes(comment)))
            return (RecordOutcome.NoRow, "", "", []);
        var paired = Split(record, out var strays);
        if (paired is not null && strays == 0)
            return edges.LookForHeader(paired) is { } edge ? Edge(edge) : Row("", paired);
        var plain = fields.Split(record);
        if (edges.LookForHeader(plain) is { } again)
            return Edge(again);
        if (Other(record, plain) is { } other)
            return Row(RepairKinds.OtherDelimiter, other);
        if (edges.IsFooter(plain))
            return Edge(RepairKinds.Footer);
        if (paired is not null && fault && profile.Misfit(paired) <= 1)
            return Row(RepairKinds.UnmatchedQuote, paired);
        if (plain.Count < width && fields.SplitBeforeQuote(record, width) is { } parted && profile.Misfit(parted) <= 1)
            return Row(RepairKinds.MissingDelimiter, parted);
        if (plain.Count != width && Align(plain, out var repair) is { } laid)
            return Row(repair, laid);
        if (paired is not null && fault)
            return Row(RepairKinds.UnmatchedQuote, paired);
        return Fallback(plain, fault);
    }

    // No reading fits the columns well. Fields missing at the end, and empty ones too many there, are still what is likeliest.
    private (RecordOutcome, string, string, List<LooseField>) Fallback(List<LooseField> found, bool fault)
    {
        if (fault && found.Count != width)
            return Reject("malformed", "expected quotes that open and close fields, found no reading with all fields");
        if (found.Count == width)
            return Row(fault ? RepairKinds.UnmatchedQuote : "", found);
        if (found.Count < width)
            return Row(RepairKinds.MissingFields, [.. found, .. Enumerable.Repeat(new LooseField(default, false), width - found.Count)]);
        return found.Skip(width).All(f => f.Text.IsEmpty)
            ? Row(RepairKinds.ExtraEmptyFields, found[..width])
            : Reject("too-many-fields", $"expected {width} fields, found {found.Count}");
    }

    private static (RecordOutcome, string, string, List<LooseField>) Edge(string kind) =>
        kind == TableEdges.AnotherTable ? Reject(kind, "expected a row of the first table, found another table") : (RecordOutcome.NoRow, kind, "", []);

    private List<LooseField>? Align(List<LooseField> found, out string repair)
    {
        repair = "";
        if (profile.Misfit(found) == 0 && found.Skip(width).All(f => f.Text.IsEmpty))
        {
            repair = found.Count < width ? RepairKinds.MissingFields : RepairKinds.ExtraEmptyFields;
            return found.Count < width ? [.. found, .. Enumerable.Repeat(new LooseField(default, false), width - found.Count)] : found[..width];
        }
        budget -= (long)found.Count * width;
        return budget < 0 ? null : alignment.Align(found, out repair);
    }

    private List<LooseField>? Split(ReadOnlySpan<byte> record, out int strays) => fields.Split(record, width, out strays);

    // A row that someone typed with another delimiter than the rest has all its fields with that one, and they fit.
    private List<LooseField>? Other(ReadOnlySpan<byte> record, List<LooseField> plain)
    {
        if (width < 3 || profile.Columns[0].Cells == 0 || profile.Misfit(plain) == 0 && plain.Count * 2 > width)
            return null;
        foreach (var other in OtherDelimiters)
        {
            if (other == delimiter || record.Count(Encoding.UTF8.GetBytes(other)) < width - 1)
                continue;
            var split = new LenientFields(other, dialect.Quote, dialect.Quote).Split(record);
            budget -= (long)split.Count * width;
            var laid = split.Count == width ? split : split.Count > width && budget > 0 ? new FieldAlignment(profile, Encoding.UTF8.GetBytes(other)).Align(split, out _) : null;
            if (laid is not null && profile.Misfit(laid) == 0)
                return laid;
        }
        return null;
    }

    private static (RecordOutcome, string, string, List<LooseField>) Row(string kind, List<LooseField> found) => (RecordOutcome.Row, kind, "", found);

    private static (RecordOutcome, string, string, List<LooseField>) Reject(string kind, string reason) => (RecordOutcome.Rejected, kind, reason, []);
}
