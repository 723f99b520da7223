using System.Collections.Frozen;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Csv.Columns;
using Etl.Csv.Inference;

namespace Etl.FixedWidth;

/// <summary>Gathers what samples show of columns whose place is declared or found, and makes one schema of it.</summary>
internal sealed class FixedInferrer(FixedWidthOptions options)
{
    private readonly NullTexts nulls = new(options.Null ?? []);
    private readonly List<ObjectDialect> dialects = [];
    private readonly List<string> notes = [];
    private readonly SchemaContract contract = options.Contract ?? SchemaContract.Evolve;
    private IReadOnlyList<(int Start, int Width)>? places = options.Columns is { } declared ? FixedLayout.Places(declared) : null;
    private List<ColumnEvidence> evidence = [.. (options.Columns ?? []).Select(c => new ColumnEvidence(c.Name, null))];
    private bool isWhole = true;
    private int samples;

    /// <summary>Looks at a sample, and at all that follows it when it has a <see cref="Sample.Rest"/>. Pieces from the middle of an object are left alone.</summary>
    public async ValueTask AddAsync(Sample sample, CancellationToken cancel)
    {
        if (sample.Offset > 0) return;
        var name = sample.Object.NameOf(sample.Entry);
        var head = sample.Bytes[..Math.Min(sample.Bytes.Length, CsvSniffer.SampleBytes)];
        var text = FixedText.Of(head.Span, sample.Complete && head.Length == sample.Bytes.Length, options, name);
        var length = FixedRecords.LengthOf(head.Span, text, options, name);
        dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, text.Name, "", null, options.SkipLines + (options.Header ? 1 : 0), [])
        {
            Divisible = sample.IsPlain && text.IsPlain && length is null && options.SkipLastLines == 0,
        });
        var endsWhole = sample.Complete || sample.Rest is not null;
        if (places is null) await FindColumnsAsync(text, length, sample.Bytes, endsWhole, name, cancel).ConfigureAwait(false);
        if (places is not null)
        {
            var cut = new FieldCut(places, text, options.Trim);
            var skips = new RecordSkips(text, options, atStart: true);
            await foreach (var records in ReadAsync(text, length, sample.Bytes, sample.Rest, cancel).ConfigureAwait(false))
                while (records.Next())
                    if (endsWhole || records.HasEnd) Add(records, text, cut, skips, name);
        }

        isWhole = isWhole && endsWhole && !sample.OmitsOthers;
        samples++;
    }

    /// <summary>The schema that every sample fits, with notes on what a person may want to look at.</summary>
    /// <exception cref="DataException">No sample has a record to find the columns by.</exception>
    public SchemaProposal Propose()
    {
        if (places is null)
            throw new NothingToInferException(dialects.Count == 0
                ? "There is no object to find the columns in. Look at the source's prefix and pattern, or declare the columns under fixed-width: columns."
                : $"{dialects[0].Uri} holds no record to find the columns by, and neither does any other object. Declare them under fixed-width: columns, or leave the empty objects out.");
        var schema = new TableSchema([.. evidence.Select(ToColumn)]);
        var untyped = evidence.Where((_, i) => options.Schema == UntypedColumns.Infer && Declared(i)?.Type is null).ToList();
        FrozenSet<string> Names(IEnumerable<ColumnEvidence> which) => which.Select(e => e.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        notes.AddRange(untyped.Select(ColumnExplanation.Note).OfType<string>());
        return new SchemaProposal(schema, dialects, notes)
        {
            IsWhole = isWhole && samples > 0,
            Contract = contract,
            Inferred = Names(untyped),
            Empty = Names(untyped.Where(e => e.Values == e.Empty)),
            Gaps = Names(evidence.Where((e, i) => e.Empty > 0 || Declared(i)?.Nullable is true)),
            Findings = [.. evidence.Select((e, i) => ColumnExplanation.Of(e, schema.Columns[i], Declared(i)?.Type is not null))],
        };
    }

    private FixedColumnOptions? Declared(int column) => options.Columns?[column];

    private Column ToColumn(ColumnEvidence seen, int at)
    {
        var declared = Declared(at);
        var verdict = declared?.Type is null && options.Schema == UntypedColumns.Infer ? seen.Decide() : null;
        var type = declared?.Type ?? verdict?.Type ?? ColumnType.String;
        var format = declared?.ToFormat() is { } own ? own with { Pattern = own.Pattern ?? verdict?.Format?.Pattern, Decimal = own.Decimal ?? verdict?.Format?.Decimal, Grouping = own.Grouping ?? verdict?.Format?.Grouping } : verdict?.Format;
        return new Column(seen.Name, type, declared?.Nullable ?? true, seen.SourceName)
        {
            Format = format,
            SourcePosition = declared is null ? places![at].Start + 1 : null,
            IsGuess = declared?.Type is null && type != ColumnType.String && !isWhole,
            Contract = declared?.Contract ?? contract,
        };
    }

    // By the blanks of the first object that has a record, as far as it was read: what stands across two columns later is rejected.
    private async ValueTask FindColumnsAsync(FixedText text, int? length, ReadOnlyMemory<byte> bytes, bool endsWhole, string name, CancellationToken cancel)
    {
        const int most = 10_000;
        var records = new List<bool[]>();
        byte[]? header = null;
        var skips = new RecordSkips(text, options, atStart: true);
        await foreach (var read in ReadAsync(text, length, bytes, null, cancel).ConfigureAwait(false))
            while (records.Count < most && read.Next())
            {
                var record = read.Buffer.AsSpan(read.Start..read.End);
                var isHeader = options.Header && read.Line == options.SkipLines + 1;
                if ((!isHeader && !skips.Takes(ref record, read.Line)) || (!endsWhole && !read.HasEnd)) continue;
                if (isHeader) header = record.TrimEnd((byte)'\r').ToArray();
                records.Add(Used(isHeader ? header : record, text));
            }

        if (records.Count == (header is null ? 0 : 1)) return;
        places = FixedLayout.Find(records);
        evidence = [.. Named(header, text).Select(c => new ColumnEvidence(c.Legal, c.Written.Length == 0 || c.Written == c.Legal ? null : c.Written))];
        notes.Add($"The columns were found by the blanks in {name}: they start at {string.Join(", ", places.Select(p => p.Start + 1))}. Declare them under fixed-width: columns if a value can be wider.");
    }

    private IEnumerable<(string Legal, string Written)> Named(byte[]? header, FixedText text)
    {
        var cut = new FieldCut(places!, text, Trimming.Both);
        if (header is not null) cut.Locate(header);
        string[] written = [.. Enumerable.Range(0, places!.Count).Select(i => header is null ? "" : Encoding.UTF8.GetString(cut.Value(header, i, out _)))];
        return ColumnNames.Legal(written).Zip(written);
    }

    private static bool[] Used(ReadOnlySpan<byte> record, FixedText text)
    {
        var used = new bool[text.Length(record)];
        for (var (unit, at) = (0, 0); unit < used.Length; unit++)
        {
            var width = text.Place(record[at..], 1);
            used[unit] = !FieldCut.IsBlank(record[at]) && !record.Slice(at, width).SequenceEqual("\u3000"u8);
            at += width;
        }

        return used;
    }

    private void Add(FixedRecords records, FixedText text, FieldCut cut, RecordSkips skips, string name)
    {
        var record = records.Buffer.AsSpan(records.Start..records.End);
        if (!skips.Takes(ref record, records.Line) || records.IsTooLong || (options.RecordLength is { } length && text.Length(record) != length)) return;
        cut.Locate(record);
        for (var column = 0; column < evidence.Count; column++)
            if (options.Columns is null && cut.IsAcross(record, column)) return;
        var place = new RecordPlace(samples, name, records.Line, 0);
        for (var column = 0; column < evidence.Count; column++)
        {
            var value = cut.Value(record, column, out _);
            if (value.IsEmpty || nulls.Contains(value) || Declared(column)?.Null?.Contains(Encoding.UTF8.GetString(value)) == true) evidence[column].AddEmpty();
            else evidence[column].Add(value, place);
        }
    }

    private async IAsyncEnumerable<FixedRecords> ReadAsync(FixedText text, int? length, ReadOnlyMemory<byte> bytes, Stream? rest, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        // The last lines are known only where the object ends.
        var records = new FixedRecords(text.Open(bytes, rest), text, length) { HeldBack = options.SkipLastLines };
        while (await records.FillAsync(cancel).ConfigureAwait(false)) yield return records;
    }
}
