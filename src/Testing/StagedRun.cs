using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.Testing;

/// <summary>A run that is staged: what a load sink is asked to commit.</summary>
/// <param name="Manifest">What was planned.</param>
/// <param name="Receipts">What was staged.</param>
public sealed record StagedRun(RunManifest Manifest, IReadOnlyList<StageReceipt> Receipts)
{
    /// <summary>A manifest of a pipeline called <c>orders</c>.</summary>
    /// <param name="id">Makes it another run.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="encoding">How the files are written.</param>
    /// <param name="dialect">With <see cref="StagingFormat.Passthrough"/>, how every object is written.</param>
    /// <param name="replaces">The objects whose earlier rows the load removes.</param>
    public static RunManifest Plan(string id, TableSchema schema, StagingEncoding encoding, ObjectDialect? dialect = null, IReadOnlyList<string>? replaces = null) => new()
    {
        Pipeline = "orders",
        After = id,
        OptionsDigest = "options",
        SinksDigest = "sinks",
        SourceSchema = schema,
        Schema = schema,
        Encoding = encoding,
        Dialect = dialect,
        Replaces = replaces,
        Splits = [],
    };

    /// <summary>The receipt of a split that was read whole.</summary>
    public static StageReceipt Receipt(int split, StagedFile file, long rows) => new()
    {
        Split = split,
        RowsRead = rows,
        RowsStaged = rows,
        RowsRejected = 0,
        RowsFiltered = 0,
        BytesRead = file.Bytes,
        Files = [file],
        DeadLetters = [],
        Repairs = new Dictionary<string, long>(),
    };

    /// <summary>A batch as the bytes of a staged file.</summary>
    /// <returns>The bytes, and the file name's ending with its dot.</returns>
    public static async Task<(byte[] Content, string Extension)> EncodeAsync(RecordBatch batch, TableSchema schema, StagingEncoding encoding, CancellationToken cancel)
    {
        var encoder = Formats.EncoderFactory.Create(encoding);
        using var content = new MemoryStream();
        await encoder.EncodeAsync(Batches.Stream(batch), schema, content, cancel);
        return (content.ToArray(), encoder.Extension);
    }
}
