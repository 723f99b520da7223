namespace Etl.Csv.Inference;

/// <summary>Finds the first record of a piece that may start anywhere in an object: inside a character, a record or a quoted field.</summary>
internal static class LaterPiece
{
    /// <summary>The piece's whole records as UTF-8; null when it cannot be told where they start. A piece is taken only when every record in it has the usual width, so that a wrong start is no evidence.</summary>
    public static ReadOnlyMemory<byte>? Align(ReadOnlyMemory<byte> piece, CsvDialect dialect, int width, bool endsWhole)
    {
        // Where a line's end is not a byte of its own, or text depends on what came before, there is nothing to hold on to.
        if (dialect.Encoding.StartsWith("utf-16", StringComparison.Ordinal) || dialect.Encoding.StartsWith("utf-32", StringComparison.Ordinal) || dialect.Encoding.StartsWith("iso-2022", StringComparison.Ordinal))
            return null;
        var utf8 = AfterLineEnd(piece);
        if (utf8.IsEmpty)
            return null;
        if (dialect.Encoding != "utf-8")
            utf8 = System.Text.Encoding.UTF8.GetBytes(Dialects.TextEncodings.Find(dialect.Encoding)!.GetString(utf8.Span));
        // One column is as wide wherever one starts.
        if (width == 1 && dialect.Quote is { } q && utf8.Span.Contains((byte)q))
            return null;
        if (Whole(utf8, dialect, endsWhole) is { } records && BlockScanner.IsEven(records, dialect, width))
            return records;
        // Perhaps the piece starts inside a quoted field: the first line after its end.
        if (dialect.Quote is not { } quote || utf8.Span.IndexOf((ReadOnlySpan<byte>)[(byte)quote, (byte)'\n']) is var end && end < 0 && (end = utf8.Span.IndexOf((ReadOnlySpan<byte>)[(byte)quote, (byte)'\r'])) < 0)
            return null;
        var after = AfterLineEnd(utf8[(end + 1)..]);
        return Whole(after, dialect, endsWhole) is { } others && BlockScanner.IsEven(others, dialect, width) ? others : null;
    }

    private static ReadOnlyMemory<byte>? Whole(ReadOnlyMemory<byte> text, CsvDialect dialect, bool endsWhole)
    {
        var length = endsWhole ? text.Length : new RecordCutter(dialect).WholeRecords(text.Span);
        return length == 0 ? null : text[..length];
    }

    private static ReadOnlyMemory<byte> AfterLineEnd(ReadOnlyMemory<byte> text)
    {
        var end = text.Span.IndexOf((byte)'\n');
        if (end < 0)
            end = text.Span.IndexOf((byte)'\r');
        return end < 0 ? default : text[(end + 1)..];
    }
}
