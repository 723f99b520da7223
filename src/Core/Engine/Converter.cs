using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Converts one object into one file, with no staging and no state.</summary>
public sealed class Converter(ISource source, IParser parser, TimeProvider time)
{
    /// <summary>The schema that the object's sample fits.</summary>
    public ValueTask<SchemaProposal> InferAsync(SourceObject read, CancellationToken cancel) =>
        parser.InferAsync(new Sampler(source, time).SampleAsync([read], cancel), cancel);

    /// <summary>Writes all rows of <paramref name="read"/> to <paramref name="output"/>; parsing and encoding overlap.</summary>
    /// <returns>What the parser counted.</returns>
    public async Task<ParseTally> ConvertAsync(SourceObject read, TableSchema schema, IEncoder encoder, Stream output, IDeadLetters rejects, CancellationToken cancel)
    {
        var reader = new SplitReader(source, read, parser, [], time);
        await using var _ = reader.ConfigureAwait(false);
        await BatchFlow.RunAsync(
            stop => reader.ReadAsync(schema, rejects, stop),
            async (batches, stop) => await encoder.EncodeAsync(batches.ReadAllAsync(stop), schema, output, stop).ConfigureAwait(false),
            cancel).ConfigureAwait(false);
        return reader.Tally;
    }
}
