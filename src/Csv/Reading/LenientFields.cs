using System.Text;

namespace Etl.Csv.Reading;

/// <summary>Splits a record whose quotes do not match: of all ways to pair quotes with fields, the one that needs the fewest quotes to be ordinary text and gives the fields that are expected.</summary>
/// <param name="delimiter">What stands between fields.</param>
/// <param name="quote">The quote character, or null for none.</param>
/// <param name="escape">What stands before a quote that is text; the quote itself when it is doubled.</param>
internal sealed class LenientFields(string delimiter, char? quote, char? escape)
{
    // Beyond these, a record is left to the plain reading: the work grows with their product.
    private const int MaxBytes = 64 * 1024;
    private const int MaxDelimiters = 2_000;
    private const int MostPlaces = 64;
    private const int MaxSteps = 2_000_000;
    private const int Never = int.MaxValue / 2;
    private readonly byte[] separator = Encoding.UTF8.GetBytes(delimiter);
    private readonly byte mark = (byte)(quote ?? '\0');
    private readonly byte guard = (byte)(escape ?? quote ?? '\0');

    /// <summary>The fields of <paramref name="record"/>; null when no reading has exactly <paramref name="width"/> of them, or several are as good.</summary>
    /// <param name="record">The record without its line end.</param>
    /// <param name="width">How many fields there are to be.</param>
    /// <param name="strays">How many quotes had to be taken for text.</param>
    public List<LooseField>? Split(ReadOnlySpan<byte> record, int width, out int strays)
    {
        strays = 0;
        if (record.Length > MaxBytes || width == 0)
            return null;
        var starts = Starts(record);
        if (starts.Count > MaxDelimiters || starts.Count < width || (long)starts.Count * Math.Max(width, record.Count(mark)) > MaxSteps)
            return null;
        // cost[i, n]: the fewest strays with which n fields end where field start i begins.
        var ends = starts.Count;
        var cost = new int[ends + 1, width + 1];
        var ways = new int[ends + 1, width + 1];
        var from = new int[ends + 1, width + 1];
        for (var i = 0; i <= ends; i++)
        {
            for (var n = 0; n <= width; n++)
                cost[i, n] = Never;
        }
        (cost[0, 0], ways[0, 0]) = (0, 1);
        for (var i = 0; i < ends; i++)
        {
            foreach (var (next, price) in Fields(record, starts, i))
            {
                for (var n = 0; n < width; n++)
                {
                    if (cost[i, n] == Never)
                        continue;
                    var total = cost[i, n] + price;
                    if (total < cost[next, n + 1])
                        (cost[next, n + 1], ways[next, n + 1], from[next, n + 1]) = (total, ways[i, n], i);
                    else if (total == cost[next, n + 1])
                        ways[next, n + 1] += ways[i, n];
                }
            }
        }
        if (cost[ends, width] == Never || ways[ends, width] != 1)
            return null;
        strays = cost[ends, width];
        return Collect(record, starts, from, width);
    }

    /// <summary>The ways to read a record that lacks one delimiter beside a quote: before one that opens a field, after one that closes it, or between the two that stand side by side then. In each, no quote is alone.</summary>
    /// <param name="record">The record without its line end.</param>
    /// <param name="width">How many fields there are to be.</param>
    public IEnumerable<List<LooseField>> SplitsAtQuotes(ReadOnlyMemory<byte> record, int width)
    {
        if (quote is null || record.Length > MaxBytes || record.Span.Count(mark) > MostPlaces)
            yield break;
        for (var at = 1; at < record.Length; at++)
        {
            if ((IsInside(record.Span, at) || IsInside(record.Span, at - 1)) && WithDelimiterAt(record.Span, at, width) is { } fields)
                yield return fields;
        }
    }

    /// <summary>The fields when every quote is as it should be: the plain reading.</summary>
    public List<LooseField> Split(ReadOnlySpan<byte> record)
    {
        var starts = Starts(record);
        var fields = new List<LooseField>();
        for (var i = 0; i < starts.Count;)
        {
            var next = i + 1;
            if (Opens(Raw(record, starts, i, i + 1)))
            {
                foreach (var (end, price) in Fields(record, starts, i))
                {
                    if (price == 0)
                    {
                        next = end;
                        break;
                    }
                }
            }
            fields.Add(Field(record, starts, i, next));
            i = next;
        }
        return fields;
    }

    // A quote with no delimiter on either side: before one it opens no field, and after one it closes none.
    private bool IsInside(ReadOnlySpan<byte> record, int at) => at > 0 && record[at] == mark && !record[..at].EndsWith(separator) && !record[(at + 1)..].StartsWith(separator);

    private List<LooseField>? WithDelimiterAt(ReadOnlySpan<byte> record, int at, int width) =>
        Split([.. record[..at], .. separator, .. record[at..]], width, out var strays) is { } fields && strays == 0 ? fields : null;

    // Where a field may start: at the beginning and after every delimiter.
    private List<int> Starts(ReadOnlySpan<byte> record)
    {
        var starts = new List<int> { 0 };
        for (var at = 0; ;)
        {
            var next = record[at..].IndexOf(separator);
            if (next < 0)
                return starts;
            at += next + separator.Length;
            starts.Add(at);
        }
    }

    // The ends a field that begins at start i may have, each with the number of quotes that are text then.
    private List<(int Next, int Price)> Fields(ReadOnlySpan<byte> record, List<int> starts, int i)
    {
        var ends = new List<(int, int)>();
        var plain = Raw(record, starts, i, i + 1);
        var inside = quote is null ? 0 : plain.Count(mark);
        if (!Opens(plain))
        {
            ends.Add((i + 1, inside));
            return ends;
        }
        ends.Add((i + 1, inside + 1));
        var strays = 0;
        var next = i + 1;
        for (var at = starts[i] + plain.IndexOf(mark) + 1; at < record.Length; at++)
        {
            if (guard != mark && record[at] == guard)
            {
                at++;
                continue;
            }
            if (record[at] != mark)
                continue;
            var doubled = guard == mark && at + 1 < record.Length && record[at + 1] == mark;
            var last = doubled ? at + 1 : at;
            while (next < starts.Count && starts[next] <= last)
                next++;
            if (Closes(record, last, starts, next))
            {
                ends.Add((next, strays + (doubled ? 1 : 0)));
                if (strays == 0 && !doubled)
                    break;
            }
            // A stray quote beside a delimiter looks like an end or a beginning, and costs more.
            if (!doubled)
                strays += record[(at + 1)..].StartsWith(separator) || record[..at].EndsWith(separator) ? 3 : 1;
            at = last;
        }
        return ends;
    }

    private bool Opens(ReadOnlySpan<byte> field) => quote is not null && field.TrimStart((byte)' ') is [var first, ..] && first == mark;

    // Whether only spaces stand between the quote and the end of its field.
    private bool Closes(ReadOnlySpan<byte> record, int at, List<int> starts, int next)
    {
        var end = next == starts.Count ? record.Length : starts[next] - separator.Length;
        return end > at && record[(at + 1)..end].IndexOfAnyExcept((byte)' ') < 0;
    }

    private List<LooseField> Collect(ReadOnlySpan<byte> record, List<int> starts, int[,] from, int width)
    {
        var fields = new LooseField[width];
        for (int n = width, end = starts.Count; n > 0; n--)
        {
            var start = from[end, n];
            fields[n - 1] = Field(record, starts, start, end);
            end = start;
        }
        return [.. fields];
    }

    private LooseField Field(ReadOnlySpan<byte> record, List<int> starts, int start, int end)
    {
        var raw = Raw(record, starts, start, end);
        var trimmed = raw.Trim((byte)' ');
        if (quote is null || trimmed.Length < 2 || trimmed[0] != mark || trimmed[^1] != mark)
            return new LooseField(raw.ToArray(), false);
        return new LooseField(Unquoted(trimmed[1..^1]), true);
    }

    private byte[] Unquoted(ReadOnlySpan<byte> inner)
    {
        var text = new byte[inner.Length];
        var length = 0;
        for (var i = 0; i < inner.Length; i++)
        {
            if (inner[i] == guard && i + 1 < inner.Length && (inner[i + 1] == mark || (guard != mark && inner[i + 1] == guard)))
                i++;
            text[length++] = inner[i];
        }
        return text[..length];
    }

    private ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> record, List<int> starts, int start, int end) =>
        record[starts[start]..(end == starts.Count ? record.Length : starts[end] - separator.Length)];
}
