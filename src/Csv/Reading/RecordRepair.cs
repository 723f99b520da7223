using System.Text;
using System.Text.Unicode;
using CsvHelper;
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
    private readonly bool standsIn;
    private readonly byte[] separator;
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
        delimiter = dialect.Delimiter;
        standsIn = dialect.NeedsStandIn();
        edges = new TableEdges(header, profile);
        // An escaped quote comes here as a doubled one.
        fields = new LenientFields(delimiter, dialect.Quote, dialect.Quote);
        separator = Encoding.UTF8.GetBytes(dialect.Delimiter);
        alignment = new FieldAlignment(profile, separator);
    }

    /// <summary>The header's first name: a record that starts with it may be the header again. Empty when there is none to look for.</summary>
    public byte[] FirstName => edges.FirstName;

    /// <summary>Whether another table has begun: its rows are rejected, whatever they look like.</summary>
    public bool InAnotherTable { get => edges.InAnotherTable; set => edges.InAnotherTable = value; }

    /// <summary>Whether rows in another encoding are looked for: the sample holds some, and no encoding was stated.</summary>
    public required bool IsMixed { get; init; }

    /// <summary>Whether a quote inside an unquoted field may be the trace of a delimiter that is missing: the field is unlike its column, or one stands without quotes whose column has them.</summary>
    /// <param name="record">A record that has a field for each column.</param>
    public bool IsOdd(CsvReader record)
    {
        for (var i = 0; i < width; i++)
        {
            var raw = record.GetRawSpan(i);
            if (raw.IsEmpty || raw[0] == dialect.Quote)
                continue;
            if (profile.Columns[i].IsQuoted || (raw.Contains((byte)dialect.Quote!) && profile.Columns[i].Misfit(raw) > 1))
                return true;
        }
        return false;
    }

    /// <summary>What a record is.</summary>
    /// <param name="record">The record as the reader gave it, without its line end; a quote that is never closed may have joined others to it.</param>
    /// <param name="fault">Whether its quotes do not match.</param>
    public RepairedRecord Repair(ReadOnlySpan<byte> record, bool fault)
    {
        var length = record.IndexOfAny((byte)'\r', (byte)'\n') < 0 ? record.Length : Extent(record);
        // Where an open quote made a delimiter look like text, none stands in for it.
        var text = standsIn ? Replaced(record[..length]) : record[..length];
        var other = IsMixed && !Utf8.IsValid(text) ? MixedText.ToUtf8(text) : null;
        var (outcome, kind, reason, found) = Read(other ?? text, fault);
        if (other is not null && outcome == RecordOutcome.Row)
            kind = RepairKinds.OtherEncoding;
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
            if (Split(standsIn ? Replaced(text[..length]) : text[..length], out var strays) is not null && strays < fewest)
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
        if (record.Length > 0 && fields.Split(record) is var blank && blank.TrueForAll(f => f.Text.IsEmpty && !f.Quoted))
            return Edge(RepairKinds.EmptyRow);
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
        if ((fault || plain.Count < width) && Parted(record, plain, fault) is { } parted)
            return Row(RepairKinds.MissingDelimiter, parted);
        if (paired is not null && fault && profile.Misfit(paired) <= 1)
            return Row(KindOf(paired, strays), paired);
        if (plain.Count != width && Align(plain, out var repair) is { } laid)
            return Row(repair, laid);
        if (paired is not null && fault)
            return Row(KindOf(paired, strays), paired);
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
            return Row(RepairKinds.MissingFields, Padded(found));
        return found.Skip(width).All(f => f.Text.IsEmpty)
            ? Row(RepairKinds.ExtraEmptyFields, found[..width])
            : Reject("too-many-fields", $"expected {width} fields, found {found.Count}");
    }

    private static (RecordOutcome, string, string, List<LooseField>) Edge(string kind) =>
        kind == TableEdges.AnotherTable ? Reject(kind, "expected a row of the first table, found another table") : (RecordOutcome.NoRow, kind, "", []);

    // The fields of a record that lacks a delimiter beside a quote: null when none, or more than one, is the likeliest place for it. A record that lacks its last fields, and is right but for that, lacks no delimiter.
    private List<LooseField>? Parted(ReadOnlySpan<byte> record, List<LooseField> plain, bool fault)
    {
        budget -= (long)record.Count((byte)(dialect.Quote ?? '"')) * plain.Count * width;
        if (budget < 0)
            return null;
        List<LooseField>? likeliest = null;
        var least = 2 * (fault ? 2 : Math.Min(2, profile.Misfit(Padded(plain))));
        foreach (var parted in fields.SplitsAtQuotes(record.ToArray(), width))
        {
            // Text ends with a quote, as inches do, rather than that it begins with one.
            var misfit = 2 * profile.Misfit(parted) + parted.Count(f => f.Quoted && f.Text.Span is [var first, ..] && (first == ' ' || first == dialect.Quote));
            if (misfit < least)
                (likeliest, least) = (parted, misfit);
            else if (misfit == least)
                likeliest = null;
        }
        return likeliest;
    }

    private List<LooseField>? Align(List<LooseField> found, out string repair)
    {
        repair = "";
        if (profile.Misfit(found) == 0 && found.Skip(width).All(f => f.Text.IsEmpty))
        {
            repair = found.Count < width ? RepairKinds.MissingFields : RepairKinds.ExtraEmptyFields;
            return found.Count < width ? Padded(found) : found[..width];
        }
        budget -= (long)found.Count * width;
        return budget < 0 ? null : alignment.Align(found, out repair);
    }

    // The record with what lacks at its end.
    private List<LooseField> Padded(List<LooseField> found) => [.. found, .. Enumerable.Repeat(default(LooseField), width - found.Count)];

    private List<LooseField>? Split(ReadOnlySpan<byte> record, out int strays) => fields.Split(record, width, out strays);

    // A row that someone typed with another delimiter than the rest has all its fields with that one, and they fit.
    private List<LooseField>? Other(ReadOnlySpan<byte> record, List<LooseField> plain)
    {
        if (width < 3 || profile.Columns[0].Cells == 0 || profile.Misfit(plain) == 0 && plain.Count * 2 > width)
            return null;
        foreach (var other in OtherDelimiters)
        {
            if (delimiter.Contains(other, StringComparison.Ordinal) || record.Count(Encoding.UTF8.GetBytes(other)) < width - 1)
                continue;
            var split = new LenientFields(other, dialect.Quote, dialect.Quote).Split(record);
            budget -= (long)split.Count * width;
            var laid = split.Count == width ? split : split.Count > width && budget > 0 ? new FieldAlignment(profile, Encoding.UTF8.GetBytes(other)).Align(split, out _) : null;
            if (laid is not null && profile.Misfit(laid) == 0)
                return laid;
        }
        return null;
    }

    // Quotes inside fields that no quote opens are nothing but text.
    private string KindOf(List<LooseField> found, int strays)
    {
        var mark = (byte)(dialect.Quote ?? '"');
        var inside = found.Where(f => !f.Quoted && f.Text.Span.TrimStart((byte)' ') is [var first, ..] && first != mark).Sum(f => f.Text.Span.Count(mark));
        return inside == strays ? RepairKinds.StrayQuote : RepairKinds.UnmatchedQuote;
    }

    private byte[] Replaced(ReadOnlySpan<byte> record)
    {
        var text = new List<byte>(record.Length + 16);
        foreach (var b in record)
        {
            if (b == CsvReaders.DelimiterStandIn)
                text.AddRange(separator);
            else
                text.Add(b);
        }
        return [.. text];
    }

    private static (RecordOutcome, string, string, List<LooseField>) Row(string kind, List<LooseField> found) => (RecordOutcome.Row, kind, "", found);

    private static (RecordOutcome, string, string, List<LooseField>) Reject(string kind, string reason) => (RecordOutcome.Rejected, kind, reason, []);
}
