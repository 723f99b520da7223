using Etl.Csv.Dialects;

namespace Etl.FixedWidth;

/// <summary>Which records of an object are rows.</summary>
internal sealed class RecordSkips(FixedText text, FixedWidthOptions options, bool atStart)
{
    private const byte EndOfFile = 0x1A;
    private readonly byte[][] prefixes = [.. (options.SkipPrefixes ?? []).Select(p => text.IsPlain && text.IsTranscoded ? TextEncodings.Find(text.Name)!.GetBytes(p) : System.Text.Encoding.UTF8.GetBytes(p))];
    private readonly int before = atStart ? options.SkipLines + (options.Header ? 1 : 0) : 0;

    /// <summary>Whether a record is a row; its line's CR is then taken off.</summary>
    /// <param name="record">The record.</param>
    /// <param name="number">Its number, from 1.</param>
    public bool Takes(ref Span<byte> record, long number)
    {
        if (record is [.., (byte)'\r']) record = record[..^1];
        if (number <= before || record.IsEmpty || record is [EndOfFile] || (options.RecordLength is not null && record.IndexOfAnyExcept((byte)'\r', (byte)'\n', EndOfFile) < 0)) return false;
        foreach (var prefix in prefixes)
            if (record.StartsWith(prefix)) return false;
        return true;
    }
}
