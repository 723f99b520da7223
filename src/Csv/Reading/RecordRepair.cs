using System.Text;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Reads again what is not plainly right: quotes that do not match, too many or too few fields, lines that are no rows. What has one obvious reading is repaired, the rest is rejected. Called for such records only, by one thread at a time.</summary>
internal sealed class RecordRepair
{
    // A quoted field of more lines than this is not looked for in text that a quote left open.
    private const int LongestRecord = 20;
    private static readonly string[] OtherDelimiters = [",", ";", "\t", "|", " "];
    private readonly CsvDialect dialect;
    private readonly int width;
    private readonly RowProfile profile;
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
    public RecordRepair(CsvDialect dialect, RowProfile profile, IReadOnlyList<string> header)
    {
        (this.dialect, this.profile) = (dialect, profile);
        width = profile.Columns.Count;
        delimiter = dialect.NeedsStandIn() ? CsvReaders.DelimiterStandIn.ToString() : dialect.Delimiter;
        edges = new TableEdges(header, profile);
        // An escaped quote comes here as a doubled one.
        fields = new LenientFields(delimiter, dialect.Quote, dialect.Quote);
        alignment = new FieldAlignment(profile, Encoding.UTF8.GetBytes(dialect.Delimiter));
    }

    /// <summary>Whether another table has begun: its rows are rejected, whatever they look like.</summary>
    public bool InAnotherTable => edges.InAnotherTable;

    /// <summary>What a record is, or several that a quote joined.</summary>
    /// <param name="record">The record as the reader gave it, without its line end.</param>
    /// <param name="fault">Whether its quotes do not match.</param>
    public List<RepairedRecord> Repair(ReadOnlySpan<byte> record, bool fault)
    {
        var read = new List<RepairedRecord>();
        if (record.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            read.Add(One(record, 0, 0, fault));
            return read;
        }
        var line = 0;
        for (var at = 0; at < record.Length;)
        {
            var (length, lines) = Extent(record[at..]);
            var piece = record.Slice(at, length);
            if (piece.Length > 0)
                read.Add(One(piece, at, line, fault));
            at += length;
            line += lines;
            if (at < record.Length && record[at] == '\r' && at + 1 < record.Length && record[at + 1] == '\n')
                at++;
            at++;
        }
        return read;
    }

    // How far the first record reaches: the number of lines that gives all fields with the fewest quotes for text.
    private (int Length, int Lines) Extent(ReadOnlySpan<byte> text)
    {
        (int Length, int Lines)? best = null;
        var fewest = int.MaxValue;
        var end = 0;
        for (var lines = 1; lines <= LongestRecord && end < text.Length; lines++)
        {
            var next = text[end..].IndexOfAny((byte)'\r', (byte)'\n');
            var length = next < 0 ? text.Length : end + next;
            if (Split(text[..length], out var strays) is not null && strays < fewest)
                (best, fewest) = ((length, lines), strays);
            if (next < 0 || fewest == 0)
                break;
            end = length + 1;
            if (text[length] == '\r' && end < text.Length && text[end] == '\n')
                end++;
        }
        if (best is { } found)
            return found;
        var first = text.IndexOfAny((byte)'\r', (byte)'\n');
        return (first < 0 ? text.Length : first, 1);
    }

    private RepairedRecord One(ReadOnlySpan<byte> record, int start, int line, bool fault)
    {
        var (outcome, kind, reason, found) = Read(record, fault);
        if (dialect is { Quote: { } quote, Escape: { } escape } && quote != escape)
            found = found.ConvertAll(f => f with { Text = BackslashStream.Unescape(f.Text.Span, (byte)escape, ref room).ToArray() });
        return new RepairedRecord(start, record.Length, line, outcome, kind, reason, found);
    }

    private (RecordOutcome Outcome, string Kind, string Reason, List<FieldText> Fields) Read(ReadOnlySpan<byte> record, bool fault)
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
    private (RecordOutcome, string, string, List<FieldText>) Fallback(List<FieldText> found, bool fault)
    {
        if (fault && found.Count != width)
            return Reject("malformed", "expected quotes that open and close fields, found no reading with all fields");
        if (found.Count == width)
            return Row(fault ? RepairKinds.UnmatchedQuote : "", found);
        if (found.Count < width)
            return Row(RepairKinds.MissingFields, [.. found, .. Enumerable.Repeat(new FieldText(default, false), width - found.Count)]);
        return found.Skip(width).All(f => f.Text.IsEmpty)
            ? Row(RepairKinds.ExtraEmptyFields, found[..width])
            : Reject("too-many-fields", $"expected {width} fields, found {found.Count}");
    }

    private static (RecordOutcome, string, string, List<FieldText>) Edge(string kind) =>
        kind == TableEdges.AnotherTable ? Reject(kind, "expected a row of the first table, found another table") : (RecordOutcome.NoRow, kind, "", []);

    private List<FieldText>? Align(List<FieldText> found, out string repair)
    {
        repair = "";
        if (profile.Misfit(found) == 0 && found.Skip(width).All(f => f.Text.IsEmpty))
        {
            repair = found.Count < width ? RepairKinds.MissingFields : RepairKinds.ExtraEmptyFields;
            return found.Count < width ? [.. found, .. Enumerable.Repeat(new FieldText(default, false), width - found.Count)] : found[..width];
        }
        budget -= (long)found.Count * width;
        return budget < 0 ? null : alignment.Align(found, out repair);
    }

    private List<FieldText>? Split(ReadOnlySpan<byte> record, out int strays) => fields.Split(record, width, out strays);

    // A row that someone typed with another delimiter than the rest has all its fields with that one, and they fit.
    private List<FieldText>? Other(ReadOnlySpan<byte> record, List<FieldText> plain)
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

    private static (RecordOutcome, string, string, List<FieldText>) Row(string kind, List<FieldText> found) => (RecordOutcome.Row, kind, "", found);

    private static (RecordOutcome, string, string, List<FieldText>) Reject(string kind, string reason) => (RecordOutcome.Rejected, kind, reason, []);
}
