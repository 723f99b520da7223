using System.Buffers;
using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Formats.Text;

/// <summary>CSV by RFC 4180 in UTF-8, with a header and LF line ends. A missing value is an empty field, empty text is <c>""</c>.</summary>
/// <param name="gzip">Whether the file is gzipped.</param>
/// <param name="header">The names in the header, one for each column; null for the schema's names, none for no header.</param>
public sealed class CsvEncoder(bool gzip, IReadOnlyList<string>? header = null) : IEncoder
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    /// <inheritdoc/>
    public string Extension => gzip ? ".csv.gz" : ".csv";

    /// <inheritdoc/>
    /// <exception cref="DataException">A value is missing in a table of one column: its line would be empty, which readers skip.</exception>
    public ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel) =>
        TextFile.WriteAsync(batches, schema, output, gzip, to => Header(schema, to), Row, cancel);

    private void Header(TableSchema schema, Utf8Buffer to)
    {
        if (header is { Count: 0 })
            return;
        for (var i = 0; i < schema.Columns.Count; i++)
        {
            if (i > 0)
                to.Add((byte)',');
            Text(Encoding.UTF8.GetBytes(header is null ? schema.Columns[i].Name : header[i]), to);
        }

        to.Add((byte)'\n');
    }

    private static void Row(RecordBatch batch, int row, Utf8Buffer to)
    {
        for (var i = 0; i < batch.ColumnCount; i++)
        {
            if (i > 0)
                to.Add((byte)',');
            var column = batch.Column(i);
            if (column.IsNull(row))
            {
                if (batch.ColumnCount == 1)
                    throw new DataException("A CSV file of one column cannot hold a missing value: its line would be empty, and readers skip empty lines. Stage parquet or ndjson instead.");
            }
            else if (column is StringArray text)
            {
                Text(text.GetBytes(row), to);
            }
            else
            {
                ValueText.Write(column, row, to);
            }
        }

        to.Add((byte)'\n');
    }

    private static void Text(ReadOnlySpan<byte> text, Utf8Buffer to)
    {
        if (!text.IsEmpty && !text.ContainsAny(Special) && text[0] != ' ' && text[^1] != ' ')
        {
            to.Add(text);
            return;
        }

        to.Add((byte)'"');
        for (var quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            to.Add(text[..(quote + 1)]);
            to.Add((byte)'"');
            text = text[(quote + 1)..];
        }

        to.Add(text);
        to.Add((byte)'"');
    }
}
