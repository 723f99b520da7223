using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv.Dialects;
using Etl.Csv.Inference;
using Etl.Csv.Reading;

namespace Etl.Csv;

/// <summary>Gathers what samples of several objects show, and makes one schema of it: the union of their columns, each with the narrowest type that every value fits exactly. A sample cannot prove that no value is missing, so that every column is nullable.</summary>
public sealed class SchemaInferrer
{
    private readonly CsvOptions options;
    private readonly Dictionary<string, ColumnEvidence> byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ColumnEvidence> columns = [];
    private readonly List<ObjectDialect> dialects = [];
    private readonly List<string> notes = [];
    private readonly HashSet<string> nulls;
    private string? emptyObject;
    private bool anyRow;

    /// <summary>An inferrer that has seen nothing.</summary>
    public SchemaInferrer(CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        nulls = new HashSet<string>(options.Null ?? [], StringComparer.Ordinal);
    }

    /// <summary>The columns met so far, with what speaks for their types.</summary>
    public IReadOnlyList<ColumnEvidence> Columns => columns;

    /// <summary>Looks at a sample.</summary>
    /// <exception cref="DataException">The sample is no text.</exception>
    public void Add(Sample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var name = ObjectName(sample.Object, sample.Entry);
        try
        {
            Add(sample, name);
        }
        catch (CsvHelper.CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, after: null);
        }
    }

    private void Add(Sample sample, string name)
    {
        var text = SniffedText.From(sample.Bytes, sample.Complete, options, name);
        var dialect = text.Dialect;
        var malformed = 0L;
        using var records = RecordReaders.Open(text.Utf8, dialect, m => malformed += m.Reason == CsvHelper.CsvMalformedReason.StrayQuote ? 0 : 1);
        if (!records.Read())
        {
            emptyObject ??= name;
            notes.Add($"{name} is empty.");
            dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, dialect.Encoding, dialect.Delimiter, dialect.Quote?.ToString(), dialect.SkipLines, []));
            return;
        }
        var header = HeaderMap.Read(records);
        if (dialect.HasHeader)
            header = HeaderReader.Read(records, malformed > 0 ? CsvHelper.CsvMalformedReason.TextAfterClosingQuote : null, dialect, name, dialect.SkipLines + records.LineNumber).Names;
        dialect = dialect with { HasHeader = options.Header ?? (dialect.HasHeader || HeaderMap.Names(header, new TableSchema([.. columns.Select(c => new Column(c.Name, c.Type, true, c.SourceName))]))) };
        if (dialect.HasHeader)
            header = RestOfHeader(records, header, dialect);
        else
            header = [.. Enumerable.Repeat("", Math.Max(header.Length, dialect.Width))];
        var names = NamesOf(header, dialect.HasHeader);
        dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, dialect.Encoding, dialect.Delimiter, dialect.Quote?.ToString(), dialect.SkipLines + (dialect.HasHeader ? dialect.HeaderRows : 0), names) { Header = dialect.HasHeader ? header : null });
        var evidence = Join(names, header);
        if (!dialect.HasHeader)
            notes.Add($"{name} seems to have no header; its columns are called {names[0]} and so on. State csv: header: true if the first row names the columns.");
        if (dialect.SkipLines > 0 && options.SkipLines is null)
            notes.Add($"{name} has {dialect.SkipLines} lines before its header or first row; they are skipped. State csv: skip_lines to decide.");
        if (dialect.Encoding != "utf-8")
            notes.Add($"{name} is read as {dialect.Encoding}.");
        // The header was read already; without one that record is the first row.
        var more = !dialect.HasHeader || records.Read();
        var wasMalformed = malformed;
        while (more)
        {
            anyRow = true;
            if (malformed == wasMalformed && records.FieldCount <= evidence.Length)
                AddRow(records, evidence, name, dialect.SkipLines + records.LineNumber);
            wasMalformed = malformed;
            more = records.Read();
        }
    }

    private static string[] RestOfHeader(CsvHelper.CsvReader records, string[] first, CsvDialect dialect)
    {
        var rows = new List<string[]> { first };
        while (rows.Count < dialect.HeaderRows && records.Read())
            rows.Add(HeaderMap.Read(records));
        return HeaderNames.Fit(HeaderNames.Join(rows), dialect.Width);
    }

    /// <summary>The schema that every sample fits, with notes on what a person may want to look at.</summary>
    /// <exception cref="DataException">No sample has a column.</exception>
    public SchemaProposal Propose()
    {
        if (options.Columns is { Count: > 0 } declared && options.Schema is null or CsvSchemaMode.Declared)
            return new SchemaProposal(Declared(declared), dialects, notes);
        if (columns.Count == 0)
        {
            throw new NothingToInferException(emptyObject is null
                ? "There is no object to learn the columns from. Look at the source's prefix and pattern, or declare the columns under csv: columns."
                : $"{emptyObject} is empty, and so is every other object, so that there is nothing to learn the columns from. Declare them under csv: columns, or leave the empty objects out.");
        }
        var strings = options.Schema == CsvSchemaMode.Strings;
        if (!strings && !anyRow && !columns.All(c => DeclaredFor(c) is not null))
            throw new DataException($"{dialects[0].Uri} holds a header and no rows, and so does every other object, so that there is nothing to infer types from and nothing to load. Declare the columns (csv: schema: declared) if files without rows are to pass, or leave them out.");
        foreach (var column in columns)
        {
            if (!strings && DeclaredFor(column) is null && column.RuledOut is { } why)
                notes.Add(Explain(column, why));
        }
        return new SchemaProposal(new TableSchema([.. columns.Select(ToColumn)]), dialects, notes);

        Column ToColumn(ColumnEvidence c) => DeclaredFor(c) is { } declaration
            ? new Column(declaration.Name, declaration.Type, declaration.Nullable ?? true, declaration.Source ?? c.SourceName)
            : new Column(c.Name, strings ? ColumnType.String : c.Type, true, c.SourceName);
    }

    // With schema: infer, a declared column is an exception to what is inferred.
    private CsvColumnOptions? DeclaredFor(ColumnEvidence column) => options.Columns?.FirstOrDefault(d =>
        string.Equals(d.Source ?? d.Name, column.SourceName ?? column.Name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(d.Name, column.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The declared columns as a schema.</summary>
    internal static TableSchema Declared(IReadOnlyList<CsvColumnOptions> columns) =>
        new([.. columns.Select(c => new Column(c.Name, c.Type, c.Nullable ?? true, c.Source is null || c.Source == c.Name ? null : c.Source))]);

    /// <summary>The object's address, with the file inside an archive after <c>!</c>.</summary>
    internal static string ObjectName(SourceObject source, string? entry) => entry is null ? source.Uri : $"{source.Uri}!{entry}";

    private static string Explain(ColumnEvidence column, (ValueKind Usual, long Count, ValueKind Odd, string Object, long Line) why) =>
        why.Usual == why.Odd
            ? $"{column.Name} is STRING: {ValueClassifier.Describe(why.Odd)} stands on line {why.Line} of {why.Object}."
            : $"{column.Name} is STRING: {why.Count} of {column.Values - column.Empty} values are {ValueClassifier.Describe(why.Usual)}, but line {why.Line} of {why.Object} has {ValueClassifier.Describe(why.Odd)}.";

    private string[] NamesOf(string[] header, bool hasHeader)
    {
        if (hasHeader || options.Columns is not { Count: > 0 } declared)
            return ColumnNames.Legal(header);
        var names = ColumnNames.Legal(header);
        for (var i = 0; i < Math.Min(names.Length, declared.Count); i++)
            names[i] = declared[i].Name;
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

    private void AddRow(CsvHelper.CsvReader row, ColumnEvidence[] evidence, string name, long line)
    {
        for (var i = 0; i < evidence.Length; i++)
        {
            var field = row.GetSpan(i);
            if (field.IsEmpty || (nulls.Count > 0 && nulls.Contains(Encoding.UTF8.GetString(field))))
                evidence[i].AddEmpty();
            else
                evidence[i].Add(field, name, line);
        }
    }
}
