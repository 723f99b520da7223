using System.Collections.Concurrent;
using System.Collections.Frozen;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Columns;
using Etl.Csv.Dialects;
using Etl.Csv.Inference;
using Etl.Csv.Reading;

namespace Etl.Csv;

/// <summary>Gathers what samples of several objects show, and makes one schema of it: the union of their columns, each with the narrowest type that every value fits exactly. A sample cannot prove that no value is missing, so that every column is nullable.</summary>
public sealed class SchemaInferrer
{
    private const int FewLines = 3;
    private readonly CsvOptions options;
    private readonly NullTexts nulls;
    private readonly Dictionary<string, ColumnEvidence> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ColumnEvidence> columns = [];
    private readonly List<ObjectDialect> dialects = [];
    private readonly List<string> notes = [];
    private ObjectLayout? layout;
    private string? emptyObject, longRow;
    private bool isWhole = true;
    private int samples;
    private bool anyRow;

    /// <summary>An inferrer that has seen nothing.</summary>
    public SchemaInferrer(CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        nulls = new NullTexts(options.Null ?? []);
    }

    /// <summary>The columns met so far, with what speaks for their types.</summary>
    public IReadOnlyList<ColumnEvidence> Columns => columns;

    /// <summary>Looks at a sample, and at all that follows it when it has a <see cref="Sample.Rest"/>: in memory for a few blocks, on several threads.</summary>
    /// <exception cref="DataException">The sample is no text.</exception>
    public async ValueTask AddAsync(Sample sample, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var name = sample.Object.NameOf(sample.Entry);
        try
        {
            if (sample.Offset > 0)
                AddLaterPiece(sample, name);
            else
                await AddFromStartAsync(sample, name, cancel).ConfigureAwait(false);
        }
        catch (CsvHelper.CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, after: null);
        }
        isWhole = isWhole && (sample.Complete || sample.Rest is not null) && !sample.OmitsOthers;
        samples++;
    }

    private async ValueTask AddFromStartAsync(Sample sample, string name, CancellationToken cancel)
    {
        layout = null;
        // As much as the parser looks at, so that both find the same dialect; but a header alone may be longer.
        var head = sample.Bytes[..Math.Min(sample.Bytes.Length, CsvSniffer.SampleBytes)];
        if (LineBreaks.Count(head.Span) < FewLines)
            head = sample.Bytes;
        var dialect = CsvSniffer.Sniff(head, sample.Complete && head.Length == sample.Bytes.Length, options, name);
        var source = new Utf8Source(sample.Bytes[dialect.BomLength..], sample.Rest ?? Stream.Null, dialect);
        await using var owned = source.ConfigureAwait(false);
        await source.SkipLinesAsync(dialect.SkipLines, cancel).ConfigureAwait(false);
        var blocks = RecordBlock.ReadAsync(source, dialect, sample.Complete || sample.Rest is not null, dialect.SkipLines, cancel).GetAsyncEnumerator(cancel);
        await using var ownedBlocks = blocks.ConfigureAwait(false);
        if (!await blocks.MoveNextAsync().ConfigureAwait(false) || !TryStart(sample, dialect, name, blocks.Current.Text, out var scanner))
        {
            emptyObject ??= name;
            notes.Add($"{name} is empty.");
            dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, dialect.Encoding, dialect.Delimiter, dialect.Quote?.ToString(), dialect.SkipLines, []));
            return;
        }
        var first = blocks.Current;
        scanner.Scan(first, Place(name, first.LinesBefore), layout!.Dialect.HasHeader ? layout.Dialect.HeaderRows : 0);
        first.Return();
        var scanners = new ConcurrentBag<BlockScanner>();
        await Parallel.ForEachAsync(
            Following(blocks),
            new ParallelOptions { MaxDegreeOfParallelism = sample.Rest is null ? 1 : Environment.ProcessorCount, CancellationToken = cancel },
            (block, _) =>
            {
                if (!scanners.TryTake(out var free))
                    free = layout!.Scanner([.. layout.Columns.Select(c => c.Fork())], nulls);
                free.Scan(block, Place(name, block.LinesBefore));
                block.Return();
                scanners.Add(free);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        foreach (var done in scanners)
        {
            for (var i = 0; i < done.Evidence.Length; i++)
                layout!.Columns[i].Merge(done.Evidence[i]);
        }
        var found = scanner.Rows > 0 || scanners.Any(s => s.Rows > 0);
        anyRow = anyRow || found;
        if (!found && !sample.Complete && sample.Rest is null)
            longRow ??= name;
    }

    // Reads the header off the first block, and finds its columns.
    private bool TryStart(Sample sample, CsvDialect dialect, string name, ReadOnlyMemory<byte> text, out BlockScanner scanner)
    {
        scanner = null!;
        CsvHelper.CsvMalformedReason? fault = null;
        using var records = RecordReaders.Open(text, dialect with { SkipLines = 0 }, m => fault ??= m.Reason);
        if (!records.Read())
            return false;
        var header = HeaderMap.Read(records);
        if (dialect.HasHeader)
            header = HeaderReader.Read(records, fault, dialect, name, dialect.SkipLines + records.LineNumber).Names;
        dialect = dialect with { HasHeader = options.Header ?? (dialect.HasHeader || HeaderMap.Names(header, new TableSchema([.. columns.Select(c => new Column(c.Name, c.Type, true, c.SourceName))]))) };
        header = dialect.HasHeader ? RestOfHeader(records, header, dialect) : [.. Enumerable.Repeat("", Math.Max(header.Length, dialect.Width))];
        var names = NamesOf(header, dialect.HasHeader);
        dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, dialect.Encoding, dialect.Delimiter, dialect.Quote?.ToString(), dialect.SkipLines + (dialect.HasHeader ? dialect.HeaderRows : 0), names) { Header = dialect.HasHeader ? header : null, Divisible = sample.IsPlain && PartRecords.Divides(dialect) });
        AddNotes(dialect, name, names[0]);
        layout = new ObjectLayout(sample.Object.Uri, dialect, header, Join(names, header));
        scanner = layout.Scanner(layout.Columns, nulls);
        return true;
    }

    private static string[] RestOfHeader(CsvHelper.CsvReader records, string[] first, CsvDialect dialect)
    {
        var rows = new List<string[]> { first };
        while (rows.Count < dialect.HeaderRows && records.Read())
            rows.Add(HeaderMap.Read(records));
        return HeaderNames.Fit(HeaderNames.Join(rows), dialect.Width);
    }

    private void AddNotes(CsvDialect dialect, string name, string firstColumn)
    {
        if (!dialect.HasHeader)
            notes.Add($"{name} seems to have no header; its columns are called {firstColumn} and so on. State csv: header: true if the first row names the columns.");
        if (dialect is { HasHeader: true, HeaderRows: > 1 } && options.HeaderRows is null)
            notes.Add($"{name} seems to have {dialect.HeaderRows} rows of names; they are joined. State csv: header_rows: 1 if only the first row names the columns.");
        if (dialect.SkipLines > 0 && options.SkipLines is null)
            notes.Add($"{name} has {dialect.SkipLines} lines before its header or first row; they are skipped. State csv: skip_lines to decide.");
        if (dialect.Encoding != "utf-8")
            notes.Add($"{name} is read as {dialect.Encoding}.");
    }

    private void AddLaterPiece(Sample sample, string name)
    {
        if (layout is not { } known || known.Uri != sample.Object.Uri
            || LaterPiece.Align(sample.Bytes, known.Dialect, known.Columns.Length, last: sample.Offset + sample.Bytes.Length == sample.Object.Length) is not { } block)
            return;
        var scanner = known.Scanner(known.Columns, nulls);
        scanner.Scan(block, new RecordPlace(samples, name, 1, sample.Offset));
        anyRow = anyRow || scanner.Rows > 0;
    }

    private RecordPlace Place(string name, long linesBefore) => new(samples, name, linesBefore + 1, 0);

    private static async IAsyncEnumerable<RecordBlock> Following(IAsyncEnumerator<RecordBlock> blocks)
    {
        while (await blocks.MoveNextAsync().ConfigureAwait(false))
            yield return blocks.Current;
    }

    /// <summary>The schema that every sample fits, with notes on what a person may want to look at.</summary>
    /// <exception cref="DataException">No sample has a column.</exception>
    public SchemaProposal Propose()
    {
        var contract = options.Contract ?? SchemaContract.Evolve;
        if (options.IsDeclared)
        {
            var declared = new TableSchema([.. options.Columns!.Select(c => c.ToColumn(contract))]);
            return new SchemaProposal(declared, dialects, [.. notes, .. DeclaredNotes(contract)]) { Contract = contract, Gaps = Gaps(declared) };
        }
        if (columns.Count == 0)
        {
            throw new NothingToInferException(emptyObject is null
                ? "There is no object to learn the columns from. Look at the source's prefix and pattern, or declare the columns under csv: columns."
                : $"{emptyObject} is empty, and so is every other object, so that there is nothing to learn the columns from. Declare them under csv: columns, or leave the empty objects out.");
        }
        var strings = options.Schema == CsvSchemaMode.Strings;
        var untold = !strings && !anyRow && !columns.All(c => DeclaredFor(c) is not null);
        if (untold && longRow is not null)
            notes.Add($"The first row of {longRow} is longer than the sample that types are inferred from, and they are STRING. Let all rows be looked at (etl infer --whole), or declare the columns.");
        else if (untold)
            throw new DataException($"{dialects[0].Uri} holds a header and no rows, and so does every other object, so that there is nothing to infer types from and nothing to load. Declare the columns (csv: schema: declared) if files without rows are to pass, or leave them out.");
        var schema = new TableSchema([.. columns.Select(c => ToColumn(c, strings))]);
        if (!strings)
            notes.AddRange(columns.Where(c => DeclaredFor(c) is null).Select(ColumnExplanation.Note).OfType<string>());
        return new SchemaProposal(schema, dialects, notes)
        {
            IsWhole = isWhole && samples > 0,
            Contract = contract,
            Empty = strings ? FrozenSet<string>.Empty : columns.Where(c => c.Values == c.Empty).Select(c => c.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Gaps = Gaps(schema),
            Inferred = strings ? FrozenSet<string>.Empty : columns.Where(c => DeclaredFor(c) is null).Select(c => c.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            Findings = [.. columns.Select((c, i) => ColumnExplanation.Of(c, schema.Columns[i], DeclaredFor(c) is not null))],
        };
    }

    private Column ToColumn(ColumnEvidence seen, bool strings)
    {
        if (DeclaredFor(seen) is { } declaration)
            return declaration.ToColumn(options.Contract ?? SchemaContract.Evolve) with { SourceName = declaration.Source ?? seen.SourceName };
        var verdict = strings ? null : seen.Decide();
        var type = verdict?.Type ?? ColumnType.String;
        return new Column(seen.Name, type, true, seen.SourceName) { Format = verdict?.Format, IsGuess = type != ColumnType.String && !isWhole, Contract = options.Contract ?? SchemaContract.Evolve };
    }

    // With schema: infer, a declared column is an exception to what is inferred.
    private CsvColumnOptions? DeclaredFor(ColumnEvidence column) => options.Columns?.FirstOrDefault(d =>
        string.Equals(d.Source ?? d.Name, column.SourceName ?? column.Name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(d.Name, column.Name, StringComparison.OrdinalIgnoreCase));

    // Without a value in some row that was looked at, or in all rows of an object, or because somebody said so.
    private FrozenSet<string> Gaps(TableSchema schema)
    {
        var gaps = columns.Where(e => e.Empty > 0).SelectMany(e => DeclaredFor(e) is { } declared ? new[] { e.Name, declared.Name } : [e.Name])
            .Concat((options.Columns ?? []).Where(c => c.Nullable is true).Select(c => c.Name)).ToHashSet();
        return schema.Columns.Where(c => gaps.Contains(c.Name))
            .Concat(dialects.Where(d => d.Header is not null).SelectMany(d => HeaderMap.Missing(d.Header!, schema)))
            .Select(c => c.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    private IEnumerable<string> DeclaredNotes(SchemaContract contract) => contract is not (SchemaContract.DiscardColumn or SchemaContract.DiscardRow) ? []
        : columns.Where(c => DeclaredFor(c) is null).Select(c => $"{c.Name} is not among csv: columns, and {(contract == SchemaContract.DiscardRow ? "a row with a value in it is rejected (contract: discard_row)" : "is left out (contract: discard_column)")}.");

    // Declared columns give their names to the fields at their positions, and without a header to all fields in order.
    private string[] NamesOf(string[] header, bool hasHeader)
    {
        var names = ColumnNames.Legal(header);
        if (options.Columns is not { Count: > 0 } declared)
            return names;
        if (!hasHeader && !declared.Any(d => d.Position is not null))
        {
            for (var i = 0; i < Math.Min(names.Length, declared.Count); i++)
                names[i] = declared[i].Name;
        }
        foreach (var column in declared)
        {
            if (column.Position is { } position && position <= names.Length)
                names[position - 1] = column.Name;
        }
        return names;
    }

    private ColumnEvidence[] Join(string[] names, string[] header)
    {
        var evidence = new ColumnEvidence[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (!byName.TryGetValue(names[i], out var column))
            {
                var source = header[i].Trim();
                column = byName[names[i]] = new ColumnEvidence(names[i], source.Length == 0 || source == names[i] ? null : source);
                columns.Add(column);
            }
            evidence[i] = column;
        }
        return evidence;
    }

    // The object that samples come from now: pieces of its middle are read as its start was.
    private sealed record ObjectLayout(string Uri, CsvDialect Dialect, string[] Header, ColumnEvidence[] Columns)
    {
        public BlockScanner Scanner(ColumnEvidence[] evidence, NullTexts nulls) => new(Dialect, Dialect.HasHeader ? Header : [], evidence, nulls);
    }
}
