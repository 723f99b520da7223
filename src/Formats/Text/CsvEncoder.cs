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
/// <param name="escapeFormulas">Whether an apostrophe is put before text that spreadsheet programs take for a formula.</param>
public sealed class CsvEncoder(bool gzip, IReadOnlyList<string>? header = null, bool escapeFormulas = false) : IEncoder
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);
    private static readonly SearchValues<byte> Formula = SearchValues.Create("=+-@\t\r"u8);
    private byte[] escaped = [];

    /// <summary>How many texts a spreadsheet program would take for a formula, and may run (https://owasp.org/www-community/attacks/CSV_Injection).</summary>
    public long Formulas { get; private set; }

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

    private void Row(RecordBatch batch, int row, Utf8Buffer to)
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

    private void Text(ReadOnlySpan<byte> text, Utf8Buffer to)
    {
        if (!text.IsEmpty && Formula.Contains(text[0]))
        {
            Formulas++;
            if (escapeFormulas)
            {
                Field(Escaped(text), to);
                return;
            }
        }

        Field(text, to);
    }

    private ReadOnlySpan<byte> Escaped(ReadOnlySpan<byte> text)
    {
        if (escaped.Length <= text.Length) escaped = new byte[2 * (text.Length + 1)];
        escaped[0] = (byte)'\'';
        text.CopyTo(escaped.AsSpan(1));
        return escaped.AsSpan(0, text.Length + 1);
    }

    private static void Field(ReadOnlySpan<byte> text, Utf8Buffer to)
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
