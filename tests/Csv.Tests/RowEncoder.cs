using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>Writes each row of a batch as a line, so that a pipeline's table can be looked at.</summary>
internal sealed class RowEncoder : IEncoder
{
    public string Extension => ".txt";

    public async ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        await foreach (var batch in batches.WithCancellation(cancel))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length; row++)
                    await output.WriteAsync(Encoding.UTF8.GetBytes(string.Join('|', Enumerable.Range(0, batch.ColumnCount).Select(c => ArrowText.Of(batch.Column(c), row) ?? "NULL")).Replace('\n', '/') + "\n"), cancel);
            }
        }

        return null;
    }
}
