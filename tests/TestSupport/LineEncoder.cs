using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.TestSupport;

/// <summary>Writes what <see cref="LineParser"/> read.</summary>
public sealed class LineEncoder : IEncoder
{
    public string Extension => ".txt";

    public async ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        await foreach (var batch in batches.WithCancellation(cancel))
            using (batch)
            {
                var column = (StringArray)batch.Column(0);
                for (var i = 0; i < batch.Length; i++) await output.WriteAsync(Encoding.UTF8.GetBytes(column.GetString(i) + "\n"), cancel);
            }

        return null;
    }
}
