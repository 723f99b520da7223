using System.Text;

namespace Etl.FixedWidth;

/// <summary>Cuts records into fields. For one thread.</summary>
/// <param name="places">Where the fields stand, in units.</param>
/// <param name="text">What records are.</param>
/// <param name="trim">Which blanks are no part of a value.</param>
internal sealed class FieldCut(IReadOnlyList<(int Start, int Width)> places, FixedText text, Trimming trim)
{
    private static ReadOnlySpan<byte> Ideographic => [0xE3, 0x80, 0x80];

    private readonly int[] bounds = [.. Bounds(places)];
    private readonly (int Start, int End)[] fields = [.. places.Select(p => (Array.BinarySearch([.. Bounds(places)], p.Start), p.Width == FixedLayout.ToEnd ? -1 : Array.BinarySearch([.. Bounds(places)], p.Start + p.Width)))];
    private readonly int[] at = new int[2 * places.Count];

    /// <summary>Finds the fields of a record.</summary>
    public void Locate(ReadOnlySpan<byte> record)
    {
        var isPlain = text.CountsBytes || Ascii.IsValid(record);
        var (unit, place) = (0, 0);
        for (var i = 0; i < bounds.Length; i++)
        {
            place = isPlain ? Math.Min(bounds[i], record.Length) : place + text.Place(record[place..], bounds[i] - unit);
            (unit, at[i]) = (bounds[i], place);
        }
    }

    /// <summary>The value of a field of the record that was located, in UTF-8; empty where there is none.</summary>
    /// <param name="record">The record.</param>
    /// <param name="field">The field.</param>
    /// <param name="start">Where it starts in the record; -1 when it had to be transcoded.</param>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> record, int field, out int start)
    {
        var (from, to) = fields[field];
        start = at[from];
        var raw = record[start..(to < 0 ? record.Length : at[to])];
        var value = text.Decode(raw, out var isSame);
        var before = trim == Trimming.Both ? BlanksBefore(value) : 0;
        start = isSame ? start + before : -1;
        return value[before..(value.Length - (trim == Trimming.None ? 0 : BlanksAfter(value[before..])))];
    }

    /// <summary>Whether a value of the record that was located goes on from before a field into it.</summary>
    public bool IsAcross(ReadOnlySpan<byte> record, int field)
    {
        var start = at[fields[field].Start];
        return start > 0 && start < record.Length && !IsBlank(record[start - 1]) && !IsBlank(record[start]);
    }

    /// <summary>Whether the unit that starts with a byte is a blank.</summary>
    public static bool IsBlank(byte b) => b is (byte)' ' or (byte)'\t' or 0;

    private static IEnumerable<int> Bounds(IReadOnlyList<(int Start, int Width)> places) =>
        places.SelectMany(p => p.Width == FixedLayout.ToEnd ? new[] { p.Start } : [p.Start, p.Start + p.Width]).Distinct().Order();

    private static int BlanksBefore(ReadOnlySpan<byte> value)
    {
        var length = 0;
        while (length < value.Length && (IsBlank(value[length]) || value[length..].StartsWith(Ideographic))) length += IsBlank(value[length]) ? 1 : Ideographic.Length;
        return length;
    }

    private static int BlanksAfter(ReadOnlySpan<byte> value)
    {
        var all = value.Length;
        while (value.Length > 0 && (IsBlank(value[^1]) || value.EndsWith(Ideographic))) value = value[..^(IsBlank(value[^1]) ? 1 : Ideographic.Length)];
        return all - value.Length;
    }
}
