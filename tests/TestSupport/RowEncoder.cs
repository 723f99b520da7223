using System.Globalization;
using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.TestSupport;

/// <summary>Writes all columns of a row on one line, between bars.</summary>
public sealed class RowEncoder : IEncoder
{
    public string Extension => ".txt";

    public async ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        await foreach (var batch in batches.WithCancellation(cancel))
            using (batch)
                for (var row = 0; row < batch.Length; row++)
                    await output.WriteAsync(Encoding.UTF8.GetBytes(string.Join('|', batch.Arrays.Select(a => Text(a, row))) + "\n"), cancel);
        return null;
    }

    private static string Text(IArrowArray column, int row) => column switch
    {
        StringArray text => text.GetString(row) ?? "",
        Int64Array number => number.GetValue(row)?.ToString(CultureInfo.InvariantCulture) ?? "",
        TimestampArray time => time.GetTimestamp(row)?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        _ => throw new NotSupportedException(column.GetType().Name),
    };
}
