using System.Runtime.CompilerServices;
using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The rejected rows of a run, read back. Takes no lease and changes nothing.</summary>
public static class DeadLetters
{
    /// <summary>The run a person asks about without naming it: the one that is open (it may have stopped because of its rejected rows), or else the last one that was committed; null when there is neither.</summary>
    public static async Task<string?> RunAsync(Pipeline pipeline, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var state = (await pipeline.Records().ReadStateAsync(cancel).ConfigureAwait(false)).State;
        return state.Open?.Run ?? state.LastRun;
    }

    /// <summary>The rejected rows of <paramref name="run"/>, in the order of its splits; none when it has none, or `etl gc` removed them.</summary>
    /// <exception cref="DataException">A file of them was edited.</exception>
    public static async IAsyncEnumerable<Reject> ReadAsync(Pipeline pipeline, string run, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var records = pipeline.Records();
        var files = new List<string>();
        await foreach (var file in records.ListDeadLettersAsync(run, cancel).ConfigureAwait(false)) files.Add(file);
        foreach (var file in files.Order(StringComparer.Ordinal))
            await foreach (var reject in ReadAsync(records, run, file, cancel).ConfigureAwait(false)) yield return reject;
    }

    /// <summary>The rejected rows of one file.</summary>
    /// <exception cref="DataException">It is gone, or was edited.</exception>
    internal static async IAsyncEnumerable<Reject> ReadAsync(RunRecords records, string run, string file, [EnumeratorCancellation] CancellationToken cancel)
    {
        var document = await records.ReadDeadLettersAsync(run, file, cancel).ConfigureAwait(false);
        for (var (from, number) = (0, 1); from < document.Length; number++)
        {
            var length = document.Span[from..].IndexOf((byte)'\n') is var end and >= 0 ? end : document.Length - from;
            if (length > 0) yield return Parse(document.Span.Slice(from, length), file, number);
            from += length + 1;
        }
    }

    private static Reject Parse(ReadOnlySpan<byte> line, string file, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<Reject>(line, JsonSerializerOptions.Web) ?? throw new JsonException("The line is null.");
        }
        catch (JsonException e)
        {
            throw new DataException($"Line {number} of the dead letters {file} is not what Etl wrote ({e.Message}). Restore the file, or look at it as it is.", e);
        }
    }
}
