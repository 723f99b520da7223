using Apache.Arrow;
using Etl.Core.Schemas;

namespace Etl.Bench.Contenders;

/// <summary>The columns of the first records of a CSV file, parsed beforehand.</summary>
/// <param name="Schema">Their types.</param>
/// <param name="Batches">The columns.</param>
/// <param name="Text">The CSV text they were parsed from.</param>
internal sealed record ParsedColumns(TableSchema Schema, IReadOnlyList<RecordBatch> Batches, ReadOnlyMemory<byte> Text) : IDisposable
{
    // They must fit in memory.
    private const int MostBytes = 64_000_000;

    public static async Task<ParsedColumns> ReadAsync(string file, CancellationToken cancel)
    {
        var schema = await EtlContender.InferAsync(file, cancel).ConfigureAwait(false);
        var head = new byte[(int)Math.Min(MostBytes, new FileInfo(file).Length)];
        await using (var content = File.OpenRead(file))
            await content.ReadExactlyAsync(head, cancel).ConfigureAwait(false);
        // Up to the last record's start: a piece of a record is no row.
        var length = head.Length < new FileInfo(file).Length ? head.AsSpan().LastIndexOf("\"\n"u8) + 2 : head.Length;
        if (length < head.Length / 2)
            length = head.AsSpan().LastIndexOf((byte)'\n') + 1;
        var batches = new List<RecordBatch>();
        await foreach (var batch in EtlContender.ParseAsync(new MemoryStream(head, 0, length), schema, cancel).ConfigureAwait(false))
            batches.Add(batch);
        return new ParsedColumns(schema, batches, head.AsMemory(0, length));
    }

    public void Dispose()
    {
        foreach (var batch in Batches)
            batch.Dispose();
    }
}
