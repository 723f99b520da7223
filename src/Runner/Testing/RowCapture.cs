using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats.Text;

namespace Etl.Runner.Testing;

/// <summary>Keeps the rows that would be written to the staged file, as text.</summary>
internal sealed class RowCapture : IEncoder
{
    private readonly List<string?[]> rows = [];

    /// <summary>The rows of the last file.</summary>
    public IReadOnlyList<string?[]> Rows => rows;

    /// <inheritdoc/>
    public string Extension => ".rows";

    /// <inheritdoc/>
    public async ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        // A run that widens a type begins again.
        rows.Clear();
        await foreach (var batch in batches.WithCancellation(cancel))
            using (batch) rows.AddRange(Read(batch));
        return null;
    }

    /// <summary>The rows of a batch as text; null where a value is missing.</summary>
    public static IEnumerable<string?[]> Read(RecordBatch batch) =>
        Enumerable.Range(0, batch.Length).Select(row => batch.Arrays.Select(column => ValueText.Format(column, row)).ToArray());
}
