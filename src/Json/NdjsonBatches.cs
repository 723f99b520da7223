using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Csv.Columns;
using Etl.Csv.Reading;

namespace Etl.Json;

/// <summary>Makes batches of the lines of an object: some lines at a time, and of those a column at a time.</summary>
internal sealed class NdjsonBatches : IDisposable
{
    private const int BatchRows = 32_768;
    private const int BatchBytes = 4 << 20;
    private const int ShownBytes = 64 << 10;
    private readonly ObjectLines lines;
    private readonly TableSchema schema;
    private readonly Schema arrow;
    private readonly string name;
    private readonly SplitInput input;
    private readonly UnknownKeys unknown;
    private readonly JsonKeys keys = new();
    private readonly ColumnBuilder[] columns;
    private readonly NdjsonRows piece;
    private readonly RowFaults faults = new();
    private readonly Dictionary<int, RowFault> broken = [];
    private readonly List<Reject> rejects = [];
    private byte[] room = [];
    private int rows;
    private long bytes;

    public NdjsonBatches(ObjectLines lines, TableSchema schema, NdjsonOptions options, SplitInput input, string name)
    {
        (this.lines, this.schema, this.input, this.name) = (lines, schema, input, name);
        arrow = schema.ToArrow();
        unknown = new UnknownKeys(options, name, input.Tally.Discarded);
        foreach (var column in schema.Columns) keys.Find(column.SourceName ?? column.Name, int.MaxValue);
        var nulls = options.Null ?? [];
        columns = [.. schema.Columns.Select(c => ColumnBuilders.Create(c, new NullTexts([.. nulls, .. c.Format?.Null ?? []]), transcoded: false))];
        piece = new NdjsonRows(columns.Length);
    }

    /// <summary>Whether it is time to <see cref="Take"/>.</summary>
    public bool IsFull => rows >= BatchRows || bytes >= BatchBytes;

    /// <summary>The rows that the last <see cref="Fill"/> rejected, in order.</summary>
    public IReadOnlyList<Reject> Rejects => rejects;

    /// <summary>Takes some more lines of the block; false when no whole one is left in it.</summary>
    public bool Fill()
    {
        rejects.Clear();
        faults.Clear();
        broken.Clear();
        piece.Clear();
        var most = Math.Min(piece.Capacity, BatchRows - rows);
        var any = false;
        while (piece.Count < most && lines.Next())
        {
            any = true;
            var line = lines.Buffer.AsSpan(lines.Start..lines.End);
            if (line.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            bytes += line.Length;
            piece.Begin(lines);
            unknown.Begin();
            if (Read(line) is { } fault)
            {
                piece.Blank();
                broken.Add(piece.Count - 1, fault);
                faults.Add(piece.Count - 1, -1, ValueFault.Type);
            }
            else
            {
                unknown.Keep(piece.Count - 1);
            }
        }

        if (piece.Count == 0) return any;
        input.Tally.RowsRead += piece.Count;
        var text = new FieldText(lines.Buffer, piece.Side, quote: -1);
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column].Append(text, piece.Column(column), column, faults);
            if (schema.Columns[column].IsRefused) LeftOutColumns.Refuse(columns[column], piece.Count, column, faults);
        }

        unknown.Count(faults);
        if (!faults.IsEmpty) RejectFaults(text);
        if (input.Places is { } places)
        {
            places.LineFrom = LineFrom;
            for (var row = 0; row < piece.Count; row++)
                if (!faults.Contains(row)) places.Add(piece.Place(row).Line, piece.Place(row).Offset);
        }

        rows += piece.Count - rejects.Count;
        return true;
    }

    /// <summary>The rows since the last batch; null when there are none.</summary>
    public RecordBatch? Take()
    {
        bytes = 0;
        if (rows == 0) return null;
        var batch = new RecordBatch(arrow, columns.Select(c => c.Build()), rows);
        rows = 0;
        return batch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var column in columns) column.Dispose();
    }

    private RowFault? Read(ReadOnlySpan<byte> line)
    {
        if (lines.IsTooLong) return RowFault.TooLong;
        if (!Utf8.IsValid(line)) return RowFault.NoText;
        try
        {
            var at = new ObjectReader(line);
            if (!at.IsObject) return RowFault.NoObject;
            keys.Start();
            while (at.Next())
            {
                if (keys.Of(at, columns.Length) is >= 0 and var column)
                {
                    if (!piece.Set(column, at, lines.Start)) return RowFault.Twice(schema.Columns[column].Name);
                }
                else if (at.Kind != JsonKind.Null)
                {
                    unknown.Meet(at.DecodedKey ?? Encoding.UTF8.GetString(at.Key));
                }
            }

            return unknown.Judge(lines.Line, LineFrom);
        }
        catch (JsonException e)
        {
            return RowFault.Malformed(e.BytePositionInLine);
        }
        catch (InvalidOperationException)
        {
            return RowFault.HalfCharacter;
        }
    }

    private long? LineFrom => input.Part is { Offset: > 0 } ? lines.FirstStart : null;

    private void RejectFaults(FieldText text)
    {
        var removed = new List<int>();
        foreach (var (row, field, fault) in faults.Rows)
        {
            removed.Add(rows + row);
            rejects.Add(broken.TryGetValue(row, out var known) ? Create(row, known.Column, [], known.Reason, known.Kind) : Describe(text, row, field, fault));
        }

        foreach (var column in columns) column.Remove(CollectionsMarshal.AsSpan(removed));
    }

    private Reject Describe(FieldText text, int row, int field, ValueFault fault)
    {
        var column = schema.Columns[field];
        var value = text.Decode(piece.Column(field)[row], ref room);
        if (fault == ValueFault.Encoding) return Create(row, null, [], RowFault.NoText.Reason, RowFault.NoText.Kind);
        if (fault == ValueFault.Unknown) return Create(row, column.Name, value, RowFault.Unknown(column.Name).Reason, RowFault.Unknown(column.Name).Kind);
        var mismatch = fault == ValueFault.Required
            ? Create(row, column.Name, [], "expected a value, found none", "required")
            : Create(row, column.Name, value, ValueReasons.Mismatch(column, value), "type");
        return UnseenValue.Judge(column, mismatch, "ndjson", "Declare the column under ndjson: columns");
    }

    private Reject Create(int row, string? column, ReadOnlySpan<byte> value, string reason, string kind)
    {
        var (start, end, line, offset) = piece.Place(row);
        return new Reject(name, line, offset, column, Shown(value), reason, kind, Shown(lines.Buffer.AsSpan(start..end))) { LineFrom = LineFrom };
    }

    private static string Shown(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text.Length > ShownBytes ? text[..ShownBytes] : text);
}
