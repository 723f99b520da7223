using System.Text;
using Etl.Csv.Dialects;
using Etl.Csv.Reading;

namespace Etl.Csv.Inference;

/// <summary>The whole records of a piece that may start anywhere in an object: inside a character, a record or a quoted field.</summary>
internal static class LaterPiece
{
    /// <summary>The records as UTF-8; null when it cannot be told where they start. A piece is taken only when every record in it has the usual width, so that a wrong start is no evidence.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="dialect">How the object is written.</param>
    /// <param name="width">Fields in a row.</param>
    /// <param name="last">Whether the object ends with the piece.</param>
    public static RecordBlock? Align(ReadOnlyMemory<byte> piece, CsvDialect dialect, int width, bool last)
    {
        // Where a line's end is not a byte of its own, or text depends on what came before, there is nothing to hold on to.
        if (dialect.Encoding.StartsWith("utf-16", StringComparison.Ordinal) || dialect.Encoding.StartsWith("utf-32", StringComparison.Ordinal) || dialect.Encoding.StartsWith("iso-2022", StringComparison.Ordinal))
            return null;
        // From the first line end on: before it there may be half a character.
        var end = piece.Span.IndexOfAny((byte)'\n', (byte)'\r');
        if (end < 0)
            return null;
        var text = piece[end..];
        if (dialect.Encoding != "utf-8")
            text = Encoding.UTF8.GetBytes(TextEncodings.Find(dialect.Encoding)!.GetString(text.Span));
        // One column is as wide wherever one starts.
        if (width == 1 && dialect.Quote is { } quote && text.Span.Contains((byte)quote))
            return null;
        if (RecordAligner.FirstRecord(text, last, dialect, width) is not { } first)
            return null;
        text = text[first..];
        var records = last ? text : text[..new RecordCutter(dialect).WholeRecords(text.Span)];
        return BlockScanner.IsEven(records, dialect, width) ? RecordBlock.Of(records) : null;
    }
}
