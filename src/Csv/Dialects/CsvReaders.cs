using CsvHelper;

namespace Etl.Csv.Dialects;

/// <summary>CsvHelper's options for a dialect.</summary>
internal static class CsvReaders
{
    /// <summary>The largest record; one that is longer has an unclosed quote.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    /// <summary>What stands in for a delimiter that is not one ASCII character.</summary>
    public const char DelimiterStandIn = '\x1F';

    /// <summary>Whether the delimiter has to be replaced before CsvHelper can split at it.</summary>
    public static bool NeedsStandIn(this CsvDialect dialect) => dialect.Delimiter.Length != 1 || dialect.Delimiter[0] >= 0x80;

    public static CsvReaderOptions ReaderOptions(this CsvDialect dialect, Action<CsvMalformedRecord>? onMalformed = null)
    {
        var options = new CsvReaderOptions
        {
            HasHeader = false,
            Separator = dialect.NeedsStandIn() ? DelimiterStandIn : dialect.Delimiter[0],
            TrackLineNumbers = true,
            IncludeValuesInExceptions = false,
            MaxRecordSize = MaxRecordBytes,
            OnMalformedRecord = onMalformed,
            BufferSize = 256 * 1024,
            TrimWhitespace = dialect.TrimSpaces,
            CommentPrefix = dialect.Comment is { Length: 1 } comment && comment[0] < 0x80 ? comment[0] : null,
        };
        if (dialect.Quote is { } quote)
            return options with { Mode = CsvMode.Rfc4180, Quote = quote };
        return dialect.Escape is { } escape ? options with { Mode = CsvMode.Escape, Escape = escape } : options with { Mode = CsvMode.NoEscape };
    }
}
