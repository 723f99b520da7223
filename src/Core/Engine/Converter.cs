using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Core.Engine;

/// <summary>Converts one object into one file, with no staging and no state.</summary>
public sealed class Converter(ISource source, IParser parser, TimeProvider time)
{
    /// <summary>The schema that the object's sample fits.</summary>
    public ValueTask<SchemaProposal> InferAsync(SourceObject read, CancellationToken cancel) =>
        parser.InferAsync(new Sampler(source, parser, time).SampleAsync([read], cancel), cancel);

    /// <summary>The schema that all of the object fits, when a type that was guessed from the sample turned out wrong; its notes say what changed.</summary>
    public async ValueTask<SchemaProposal> WidenAsync(SourceObject read, TableSchema guessed, SchemaBrokenException broken, CancellationToken cancel)
    {
        var whole = await parser.InferAsync(new Sampler(source, parser, time).WholeAsync([read], cancel), cancel).ConfigureAwait(false);
        return whole with { Notes = [.. Widening.Notes(guessed, whole, broken), .. whole.Notes] };
    }

    /// <summary>Writes all rows of <paramref name="read"/> to <paramref name="output"/>; parsing and encoding overlap.</summary>
    /// <returns>What the parser counted; null when there was a batch that the encoder's file could not hold, and what was written is worth nothing.</returns>
    /// <exception cref="SchemaBrokenException">A value does not fit a type that was guessed from the sample; what was written is worth nothing.</exception>
    public async Task<ParseTally?> ConvertAsync(SourceObject read, TableSchema schema, IEncoder encoder, Stream output, IDeadLetters rejects, CancellationToken cancel)
    {
        var reader = new SplitReader(source, read, ByteRange.All, null, parser, [], time);
        await using var _ = reader.ConfigureAwait(false);
        var whole = true;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            await BatchFlow.RunAsync(
                stop => reader.ReadAsync(schema, rejects, stop),
                async (batches, stop) =>
                {
                    using var left = await encoder.EncodeAsync(batches.ReadAllAsync(stop), schema, output, stop).ConfigureAwait(false);
                    whole = left is null;
                    if (!whole) await enough.CancelAsync().ConfigureAwait(false);
                },
                enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!whole && !cancel.IsCancellationRequested)
        {
            return null;
        }

        return reader.Tally;
    }
}
