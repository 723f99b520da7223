using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Formats.Text;

/// <summary>
/// One JSON object (RFC 8259) a line, as BigQuery reads it: integers, doubles and booleans bare, decimals and times as strings, missing values left out
/// (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json).
/// </summary>
/// <param name="gzip">Whether the file is gzipped.</param>
public sealed class NdjsonEncoder(bool gzip) : IEncoder
{
    /// <inheritdoc/>
    public string Extension => gzip ? ".ndjson.gz" : ".ndjson";

    /// <inheritdoc/>
    public ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        var bare = schema.Columns.Select(c => ValueText.IsBareInJson(c.Type)).ToArray();
        var names = schema.Columns.Select(c => Key(c.Name)).ToArray();
        return TextFile.WriteAsync(batches, schema, output, gzip, null, (batch, row, to) => Row(batch, row, names, bare, to), cancel);
    }

    private static byte[] Key(string name)
    {
        using var bytes = new MemoryStream();
        using (var buffer = new Utf8Buffer(bytes))
        {
            JsonText.Write(Encoding.UTF8.GetBytes(name), buffer);
            buffer.Add((byte)':');
            buffer.Flush();
        }

        return bytes.ToArray();
    }

    private static void Row(RecordBatch batch, int row, byte[][] names, bool[] bare, Utf8Buffer to)
    {
        to.Add((byte)'{');
        var first = true;
        for (var i = 0; i < batch.ColumnCount; i++)
        {
            var column = batch.Column(i);
            if (column.IsNull(row))
                continue;
            if (!first)
                to.Add((byte)',');
            first = false;
            to.Add(names[i]);
            Value(column, row, bare[i], to);
        }

        to.Add("}\n"u8);
    }

    private static void Value(IArrowArray column, int row, bool bare, Utf8Buffer to)
    {
        if (column is StringArray text)
        {
            JsonText.Write(text.GetBytes(row), to);
            return;
        }

        // JSON has no number for NaN and the infinities; BigQuery reads them as strings.
        if (column is DoubleArray doubles && !double.IsFinite(doubles.Values[row]))
            bare = false;
        if (!bare)
            to.Add((byte)'"');
        ValueText.Write(column, row, to);
        if (!bare)
            to.Add((byte)'"');
    }
}
