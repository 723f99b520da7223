using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Dialects;

namespace Etl.Csv.Reading;

/// <summary>An object whose first rows were read: how it is written, and which column each field belongs to.</summary>
internal sealed class OpenedObject : IAsyncDisposable
{
    private readonly Utf8Source source;

    private OpenedObject(Utf8Source source, RecordCursor cursor, CsvDialect dialect, string name)
    {
        this.source = source;
        (Cursor, Dialect) = (cursor, dialect);
        Rejects = new RowRejects(cursor.Blocks, dialect, name, TextOffset);
    }

    /// <summary>How the object is written, as the schema settles it.</summary>
    public CsvDialect Dialect { get; }

    /// <summary>The column of the schema that each field belongs to; -1 for one that is left out.</summary>
    public required int[] Fields { get; init; }

    /// <summary>The names of the fields that are left out.</summary>
    public required IReadOnlyDictionary<int, string> Unknown { get; init; }

    /// <summary>What reads records again that are not plainly rows.</summary>
    public required RecordRepair Repair { get; init; }

    /// <summary>On the header's last row, or on the first row when there is no header.</summary>
    public RecordCursor Cursor { get; }

    /// <summary>Describes rows that the cursor comes to and that do not fit.</summary>
    public RowRejects Rejects { get; }

    /// <summary>Where the cursor's text starts in the object.</summary>
    public long TextOffset => source.Skipped + (Dialect.Encoding == "utf-8" ? Dialect.BomLength : 0);

    /// <summary>Opens an object; null when it holds no record.</summary>
    /// <exception cref="DataException">It cannot be read, or its header does not fit the schema.</exception>
    public static async ValueTask<OpenedObject?> OpenAsync(Stream content, TableSchema schema, CsvOptions options, string name, CancellationToken cancel)
    {
        var head = new byte[CsvSniffer.SampleBytes];
        var length = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        var sniffed = SniffedText.From(head.AsMemory(0, length), length < head.Length, options, name);
        var dialect = sniffed.Dialect;
        var source = new Utf8Source(head.AsMemory(dialect.BomLength..length), content, dialect);
        await source.SkipLinesAsync(dialect.SkipLines, cancel).ConfigureAwait(false);
        var cursor = new RecordCursor(new TextBlocks(RecordReaders.Rewrite(source, dialect), name, dialect.SkipLines + 1), dialect);
        OpenedObject? opened = null;
        try
        {
            if (await cursor.ReadAsync(name, cancel).ConfigureAwait(false))
                opened = await SettleAsync(source, cursor, sniffed, schema, options, name, cancel).ConfigureAwait(false);
            return opened;
        }
        finally
        {
            if (opened is null)
                cursor.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Cursor.Dispose();
        return source.DisposeAsync();
    }

    // The cursor is on the first record.
    private static async ValueTask<OpenedObject> SettleAsync(Utf8Source source, RecordCursor cursor, SniffedText sniffed, TableSchema schema, CsvOptions options, string name, CancellationToken cancel)
    {
        var dialect = sniffed.Dialect;
        if (options.Header is null)
            dialect = dialect with { HasHeader = HeaderMap.Names(HeaderMap.Read(cursor.Record), schema) || (dialect.HasHeader && !HeaderMap.IsUnnamed(schema)) };
        var header = dialect.HasHeader ? await HeaderAsync(cursor, dialect, name, cancel).ConfigureAwait(false) : [];
        var (fields, unknown) = dialect.HasHeader ? HeaderMap.ByName(header, schema, options, name) : (ColumnPositions.All(schema), new Dictionary<int, string>());
        return new OpenedObject(source, cursor, dialect, name)
        {
            Fields = fields,
            Unknown = unknown,
            Repair = new RecordRepair(dialect, RowProfile.Of(sniffed.Utf8, dialect, fields.Length), header, options.Repairs)
            {
                IsMixed = dialect.Encoding == "utf-8" && options.Encoding is null or "auto" && !System.Text.Unicode.Utf8.IsValid(sniffed.Utf8.Span),
            },
        };
    }

    // The cursor is on the header's first row; it ends on its last one.
    private static async ValueTask<string[]> HeaderAsync(RecordCursor cursor, CsvDialect dialect, string name, CancellationToken cancel)
    {
        if (!RowRejects.IsText(cursor.Record.RawRecord, dialect))
            throw new DataException($"{name} has a header that is not {dialect.Encoding}. State the right csv: encoding.");
        var (names, length) = HeaderReader.Read(cursor.Record, cursor.Fault, dialect, name, cursor.Blocks.LineOf(cursor.Start));
        cursor.CutTo(length);
        var rows = new List<string[]> { names };
        while (rows.Count < dialect.HeaderRows && await cursor.ReadAsync(name, cancel).ConfigureAwait(false))
            rows.Add(HeaderMap.Read(cursor.Record));
        return HeaderNames.Fit(HeaderNames.Join(rows), dialect.Width);
    }
}
