using System.Runtime.InteropServices;
using CsvHelper;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Opens CsvHelper's reader on UTF-8 text.</summary>
internal static class RecordReaders
{
    /// <summary>Whether the text is <see cref="Rewrite">rewritten</see>, so that the reader's places are not the text's.</summary>
    public static bool Rewrites(CsvDialect dialect) => dialect.NeedsStandIn() || BackslashStream.IsNeeded(dialect);

    /// <summary>Whether the reader may take the start of a text for UTF-16's or UTF-32's byte order mark: it then leaves the text in memory and reads a copy.</summary>
    public static bool MayCopy(ReadOnlySpan<byte> text) => text is [0 or >= 0xEF, ..];

    /// <summary>On text in memory, its preamble included: it is passed over.</summary>
    public static CsvReader Open(ReadOnlyMemory<byte> text, CsvDialect dialect, Action<CsvMalformedRecord> onMalformed, bool countLines = true)
    {
        var rows = text[TextLines.LengthOf(text.Span, dialect.SkipLines)..];
        var options = dialect.ReaderOptions(onMalformed) with { TrackLineNumbers = countLines };
        if (!Rewrites(dialect))
            return CsvReader.Create(rows, options);
        MemoryMarshal.TryGetArray(rows, out var array);
        var rewritten = Rewrite(new MemoryStream(array.Array ?? [], array.Offset, array.Count, writable: false), dialect);
        return CsvReader.Create(rewritten, options, leaveOpen: true);
    }

    /// <summary>The text as CsvHelper can read it, where its own options do not reach.</summary>
    public static Stream Rewrite(Stream rows, CsvDialect dialect)
    {
        if (BackslashStream.IsNeeded(dialect))
            rows = new BackslashStream(rows, dialect);
        return dialect.NeedsStandIn() ? new CsvSeparatorStream(rows, dialect.Delimiter, DelimiterOf(dialect), leaveOpen: true) : rows;
    }

    private static char DelimiterOf(CsvDialect dialect) => dialect.NeedsStandIn() ? CsvReaders.DelimiterStandIn : dialect.Delimiter[0];
}
