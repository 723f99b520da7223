using System.Runtime.InteropServices;
using CsvHelper;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>Opens CsvHelper's reader on UTF-8 text.</summary>
internal static class RecordReaders
{
    /// <summary>On text in memory, its preamble included: it is passed over.</summary>
    public static CsvReader Open(ReadOnlyMemory<byte> text, CsvDialect dialect, Action<CsvMalformedRecord> onMalformed)
    {
        var rows = text[TextLines.LengthOf(text.Span, dialect.SkipLines)..];
        if (!dialect.NeedsStandIn() && !BackslashStream.IsNeeded(dialect))
            return CsvReader.Create(rows, dialect.ReaderOptions(onMalformed));
        MemoryMarshal.TryGetArray(rows, out var array);
        return Open(new MemoryStream(array.Array ?? [], array.Offset, array.Count, writable: false), dialect, onMalformed);
    }

    /// <summary>On a stream of UTF-8 that starts after the preamble.</summary>
    public static CsvReader Open(Stream rows, CsvDialect dialect, Action<CsvMalformedRecord> onMalformed)
    {
        if (BackslashStream.IsNeeded(dialect))
            rows = new BackslashStream(rows, dialect);
        if (dialect.NeedsStandIn())
            rows = new CsvSeparatorStream(rows, dialect.Delimiter, DelimiterOf(dialect), leaveOpen: true);
        return CsvReader.Create(rows, dialect.ReaderOptions(onMalformed), leaveOpen: true);
    }

    private static char DelimiterOf(CsvDialect dialect) => dialect.NeedsStandIn() ? CsvReaders.DelimiterStandIn : dialect.Delimiter[0];
}
