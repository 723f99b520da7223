using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Unicode;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Csv.Columns;
using Etl.Csv.Inference;
using Etl.Csv.Reading;

namespace Etl.Json;

/// <summary>Gathers what samples show of each key, and makes one schema of it: each key's column has the narrowest type that every value fits exactly. A sample cannot prove that no value is missing, so that every column is nullable.</summary>
internal sealed class NdjsonInferrer(NdjsonOptions options)
{
    // BigQuery's most (https://cloud.google.com/bigquery/quotas#standard_tables).
    private const int MostColumns = 10_000;
    private readonly NullTexts nulls = new(options.Null ?? []);
    private readonly JsonKeys keys = new();
    private readonly List<ColumnEvidence> evidence = [];
    private readonly List<ObjectDialect> dialects = [];
    private readonly List<string> notes = [];
    private readonly SchemaContract contract = options.Contract ?? SchemaContract.Evolve;
    private byte[] room = [];
    private long rows;
    private bool isWhole = true;
    private int samples;

    /// <summary>Looks at a sample, and at all that follows it when it has a <see cref="Sample.Rest"/>.</summary>
    /// <exception cref="DataException">The sample is none of newline-delimited JSON.</exception>
    public async ValueTask AddAsync(Sample sample, CancellationToken cancel)
    {
        var name = sample.Object.NameOf(sample.Entry);
        var isStart = sample.Offset == 0;
        if (isStart)
        {
            CheckStart(sample, name);
            dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, "utf-8", "", null, 0, []) { Divisible = sample.IsPlain });
        }

        var lines = new ObjectLines(new SampleStream(sample.Bytes, sample.Rest), sample.Offset, inLine: !isStart);
        // Where more follows, the last line may be cut.
        var endsWhole = sample.Complete || sample.Rest is not null || sample.Offset + sample.Bytes.Length == sample.Object.Length;
        var (met, known) = (0, 0);
        while (await lines.FillAsync(cancel).ConfigureAwait(false))
        {
            while (lines.Next())
                if ((endsWhole || lines.HasEnd) && Add(lines, name, sample.Offset) is { } isObject) (met, known) = (met + 1, known + (isObject ? 1 : 0));
        }

        if (isStart && known == 0 && lines.Ended > 0 && met > 0)
            throw new DataException($"No line of {name} is a JSON object. NDJSON has one whole object a line; put objects that are spread over several lines on one each (jq -c .).");
        isWhole = isWhole && (sample.Complete || sample.Rest is not null) && !sample.OmitsOthers;
        samples++;
    }

    /// <summary>The schema that every sample fits, with notes on what a person may want to look at.</summary>
    /// <exception cref="DataException">No sample has a row.</exception>
    public SchemaProposal Propose()
    {
        if (options.IsDeclared)
            return new SchemaProposal(new TableSchema([.. options.Columns!.Select(c => c.ToColumn(contract))]), dialects, notes)
            {
                Contract = contract,
                Gaps = options.Columns!.Where(c => c.Nullable is true || !Found(c).Any() || Found(c).Any(e => e.Values < rows || e.Empty > 0)).Select(c => c.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            };
        var columns = Columns();
        if (columns.Count == 0)
            throw new NothingToInferException(dialects.Count == 0
                ? "There is no object to learn the columns from. Look at the source's prefix and pattern, or declare the columns under ndjson: columns."
                : $"{dialects[0].Uri} holds no object with a key, and neither does any other, so that there is nothing to learn the columns from. Declare them under ndjson: columns, or leave the empty objects out.");
        var strings = options.Schema == CsvSchemaMode.Strings;
        var schema = new TableSchema([.. columns.Select(c => ToColumn(c, strings))]);
        if (!strings) notes.AddRange(columns.Where(c => DeclaredFor(c) is null).Select(ColumnExplanation.Note).OfType<string>());
        FrozenSet<string> Names(Func<ColumnEvidence, bool> which) => [.. columns.Zip(schema.Columns).Where(c => which(c.First)).Select(c => c.Second.Name)];
        return new SchemaProposal(schema, dialects, notes)
        {
            IsWhole = isWhole && samples > 0,
            Contract = contract,
            Empty = strings ? FrozenSet<string>.Empty : Names(c => c.Values == c.Empty),
            Gaps = Names(c => c.Empty > 0 || DeclaredFor(c)?.Nullable is true),
            Inferred = strings ? FrozenSet<string>.Empty : Names(c => DeclaredFor(c) is null),
            Findings = [.. columns.Select((c, i) => ColumnExplanation.Of(c, schema.Columns[i], DeclaredFor(c) is not null))],
        };
    }

    /// <summary>Makes sure that an object that starts with <paramref name="text"/> is not UTF-16.</summary>
    public static void CheckEncoding(ReadOnlySpan<byte> text, string name)
    {
        if (text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new DataException($"{name} is UTF-16, and JSON that is exchanged is UTF-8 (RFC 8259, 8.1). Convert it: iconv -f utf-16 -t utf-8.");
    }

    private static void CheckStart(Sample sample, string name)
    {
        var text = sample.Bytes.Span;
        CheckEncoding(text, name);
        text = text[(text.StartsWith("\uFEFF"u8) ? 3 : 0)..].TrimStart(" \t\r\n"u8);
        if (text is [(byte)'[', ..])
            throw new DataException($"{name} is one JSON array, not an object a line. Write its elements one a line (jq -c '.[]').");
    }

    // Whether the line is an object, null when it is empty; what the parser would reject is no evidence.
    private bool? Add(ObjectLines lines, string name, long pieceOffset)
    {
        var line = lines.Buffer.AsSpan(lines.Start..lines.End);
        if (line.IndexOfAnyExcept(" \t\r"u8) < 0) return null;
        if (lines.IsTooLong || !Utf8.IsValid(line)) return false;
        var place = new RecordPlace(samples, name, lines.Line, pieceOffset);
        try
        {
            // All of it before any of it counts.
            var check = new ObjectReader(line);
            if (!check.IsObject) return false;
            while (check.Next())
            {
            }

            var at = new ObjectReader(line);
            keys.Start();
            while (at.Next())
            {
                var key = keys.Of(at, MostColumns);
                if (key < 0) throw new DataException($"{name} has objects with more than {MostColumns:N0} keys among them: it seems that keys are data. Declare the columns that are wanted under ndjson: columns, with contract: discard_column.");
                if (key == evidence.Count) evidence.Add(new ColumnEvidence(key.ToString(System.Globalization.CultureInfo.InvariantCulture), null));
                Add(evidence[key], at, place);
            }

            rows++;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private void Add(ColumnEvidence column, in ObjectReader at, in RecordPlace place)
    {
        var text = at.Text;
        if (at.IsEscaped)
        {
            if (room.Length < at.Length) room = new byte[at.Length * 2];
            text = room.AsSpan(0, at.Decode(room));
        }

        if (at.Kind == JsonKind.Null || nulls.Contains(text)) column.AddEmpty();
        else if (at.Kind == JsonKind.Plain) column.Add(text, place);
        else if (at.Kind == JsonKind.String) column.AddQuoted(text, place);
        else column.AddKind(ValueKind.Nested, text, place);
    }

    // By their legal names, in the order in which the keys were met; a row without a key is one without a value.
    private List<ColumnEvidence> Columns()
    {
        List<string> found = [.. keys.Names];
        var names = ColumnNames.Legal(found);
        var columns = new List<ColumnEvidence>();
        for (var i = 0; i < names.Length; i++)
        {
            var column = new ColumnEvidence(names[i], names[i] == found[i] ? null : found[i]);
            column.Merge(evidence[i]);
            column.AddEmpty(Math.Max(0, rows - column.Values));
            columns.Add(column);
        }

        return columns;
    }

    private Column ToColumn(ColumnEvidence seen, bool strings)
    {
        if (DeclaredFor(seen) is { } declared) return declared.ToColumn(contract) with { SourceName = seen.SourceName ?? (seen.Name == declared.Name ? null : seen.Name) };
        var verdict = strings ? null : seen.Decide();
        var type = verdict?.Type ?? ColumnType.String;
        return new Column(seen.Name, type, true, seen.SourceName) { Format = verdict?.Format, IsGuess = type != ColumnType.String && !isWhole, Contract = contract };
    }

    private CsvColumnOptions? DeclaredFor(ColumnEvidence column) => options.Columns?.FirstOrDefault(d => (d.Source ?? d.Name) == (column.SourceName ?? column.Name));

    private IEnumerable<ColumnEvidence> Found(CsvColumnOptions declared) => keys.Names.Select((key, i) => (key, i)).Where(k => k.key == (declared.Source ?? declared.Name)).Select(k => evidence[k.i]);
}
