using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv.Reading;

namespace Etl.FixedWidth;

/// <summary>Makes batches of the records of an object.</summary>
internal sealed class FixedRows : IDisposable
{
    private readonly FixedRecords records;
    private readonly FixedText text;
    private readonly FixedWidthOptions options;
    private readonly FieldCut cut;
    private readonly RecordSkips skips;
    private readonly FieldBatches batches;
    private readonly TableSchema schema;
    private readonly bool[] padded;
    private readonly bool isLaterPart;
    private readonly List<(int Start, int End)> spans = [];

    public FixedRows(FixedRecords records, FixedText text, TableSchema schema, FixedWidthOptions options, SplitInput input)
    {
        (this.records, this.text, this.options, this.schema) = (records, text, options, schema);
        isLaterPart = input.Part is { Offset: > 0 };
        cut = new FieldCut(FixedLayout.Of(schema, options), text, options.Trim);
        padded = [.. schema.Columns.Select(c => ZeroPadding.IsIn(options.Columns?.FirstOrDefault(d => d.Name.Equals(c.Name, StringComparison.OrdinalIgnoreCase))?.Type))];
        skips = new RecordSkips(text, options, atStart: !isLaterPart);
        batches = new FieldBatches("fixed-width", schema, options.Null, text.IsTranscoded, input);
    }

    /// <summary>Whether it is time to <see cref="Take"/>.</summary>
    public bool IsFull => batches.IsFull;

    /// <summary>The rows that the last <see cref="Fill"/> rejected, in order.</summary>
    public IReadOnlyList<Reject> Rejects => batches.Rejects;

    /// <summary>Takes some more records of the block; false when no whole one is left in it.</summary>
    public bool Fill()
    {
        spans.Clear();
        while (!batches.IsPieceFull && records.Next())
        {
            var record = records.Buffer.AsSpan(records.Start..records.End);
            if (!skips.Takes(ref record, records.Line)) continue;
            batches.Begin(records.Line, records.Offset, record.Length);
            spans.Add((records.Start, records.Start + record.Length));
            Cut(record);
        }

        if (batches.Count == 0) return false;
        batches.LineFrom = isLaterPart ? records.FirstStart : null;
        batches.Parse(records.Buffer, row => text.Show(records.Buffer.AsSpan(spans[row].Start..spans[row].End)));
        return true;
    }

    /// <summary>The rows since the last batch; null when there are none.</summary>
    public RecordBatch? Take() => batches.Take();

    /// <inheritdoc/>
    public void Dispose() => batches.Dispose();

    private void Cut(ReadOnlySpan<byte> record)
    {
        if (records.IsTooLong)
        {
            batches.Break(null, $"expected a record of at most {ObjectLines.MaxLineBytes >> 20} MiB, found a longer one", "malformed");
            return;
        }

        if (options.RecordLength is { } length && text.Length(record) is var found && found != length)
        {
            batches.Break(null, $"expected a record of {length} {(options.Unit == WidthUnit.Bytes ? "bytes" : "characters")}, found one of {found}", "record-length");
            return;
        }

        cut.Locate(record);
        for (var column = 0; column < schema.Columns.Count; column++)
        {
            if (options.Columns is null && cut.IsAcross(record, column))
            {
                batches.Break(schema.Columns[column].Name, "expected a blank before this column, found a value that goes on into it: the columns were found from samples. Declare them under fixed-width: columns", "boundary");
                return;
            }

            var value = cut.Value(record, column, out var start);
            if (value.IsEmpty) continue;
            var zeros = padded[column] ? ZeroPadding.Length(value) : 0;
            if (zeros > 0 && value[0] == '-') batches.Set(column, [(byte)'-', .. value[(1 + zeros)..]]);
            else if (start < 0) batches.Set(column, value[zeros..]);
            else batches.Set(column, records.Start + start + zeros, value.Length - zeros);
        }
    }
}
