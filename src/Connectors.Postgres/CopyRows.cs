using Apache.Arrow;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Formats;

namespace Etl.Connectors.Postgres;

/// <summary>Writes batches as rows of binary COPY. Dates and times count from the year 2000 there.</summary>
internal static class CopyRows
{
    private const int EpochDays = 10_957;
    private const long EpochMicroseconds = 946_684_800_000_000;

    /// <summary>Sends a batch.</summary>
    /// <exception cref="DataException">A text holds a NUL, which no text of PostgreSQL does.</exception>
    public static async ValueTask WriteAsync(RecordBatch batch, TableSchema schema, CopyBuffer buffer, Stream server, CancellationToken cancel)
    {
        var writers = batch.Arrays.Select((a, i) => Writer(a, schema.Columns[i].Name, buffer)).ToArray();
        for (var row = 0; row < batch.Length; row++)
        {
            buffer.Int16((short)writers.Length);
            for (var i = 0; i < writers.Length; i++)
                if (batch.Column(i).IsNull(row)) buffer.Null();
                else writers[i](row);
            if (buffer.Length >= CopyBuffer.Enough) await server.WriteAsync(buffer.Take(), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Sends the end.</summary>
    public static ValueTask EndAsync(CopyBuffer buffer, Stream server, CancellationToken cancel)
    {
        buffer.Int16(-1);
        return server.WriteAsync(buffer.Take(), cancel);
    }

    private static Action<int> Writer(IArrowArray column, string name, CopyBuffer to) => column switch
    {
        Int64Array a => row => to.Value(a.Values[row]),
        DoubleArray a => row => to.Value(a.Values[row]),
        BooleanArray a => row => to.Value(a.GetValue(row)!.Value),
        Date32Array a => row => to.Value(a.Values[row] - EpochDays),
        TimestampArray a => row => to.Value(a.Values[row] - EpochMicroseconds),
        Time64Array a => row => to.Value(a.Values[row]),
        Decimal128Array a => row => Decimal(a.ValueBuffer.Span.Slice((a.Offset + row) * 16, 16), a.Scale, to),
        Decimal256Array a => row => Decimal(a.ValueBuffer.Span.Slice((a.Offset + row) * 32, 32), a.Scale, to),
        StringArray a => row => to.Value(WithoutNul(a.GetBytes(row), name)),
        _ => throw new InvalidOperationException($"No form for Arrow's {column.Data.DataType.Name} in COPY."),
    };

    private static void Decimal(ReadOnlySpan<byte> value, int scale, CopyBuffer to)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaxLength];
        to.Decimal(text[..DecimalText.Format(value, scale, text)]);
    }

    private static ReadOnlySpan<byte> WithoutNul(ReadOnlySpan<byte> text, string name) => !text.Contains((byte)0) ? text
        : throw new DataException($"A text in {name} holds the character NUL (U+0000), which PostgreSQL's text cannot hold. Nothing was loaded. Take it out with a transform, such as derive with replace({name}, chr(0), '').");
}
