using System.Globalization;
using System.Text.Json;
using Etl.Core.Errors;
using Etl.Core.Runs;

namespace Etl.Core.State;

/// <summary>The documents of one pipeline in its state store: <c>state.json</c>, and for each run its manifest, receipts and dead letters.</summary>
public sealed class RunRecords(IStateStore store, string pipeline)
{
    /// <summary>The pipeline's state and its version in the store (null when there is none yet).</summary>
    public async ValueTask<(PipelineState State, string? Version)> ReadStateAsync(CancellationToken cancel)
    {
        var name = $"{pipeline}/state.json";
        if (await store.ReadAsync(name, cancel).ConfigureAwait(false) is not { } document) return (new PipelineState(), null);
        var state = Parse<PipelineState>(name, document);
        return state.Version <= PipelineState.CurrentVersion ? (state, document.Version) : throw Newer(name, state.Version);
    }

    /// <summary>Moves the state forward, only while it still has the version it was read with.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="StateConflictException">Another run moved it.</exception>
    public ValueTask<string> WriteStateAsync(PipelineState state, string? version, CancellationToken cancel) =>
        store.WriteAsync($"{pipeline}/state.json", ManifestJson.Serialize(state), version is null ? WriteCondition.Create : WriteCondition.IfVersion(version), cancel);

    /// <summary>The manifest of a run, or null.</summary>
    public async ValueTask<RunManifest?> ReadManifestAsync(string runId, CancellationToken cancel)
    {
        var name = Name(runId, "manifest.json");
        if (await store.ReadAsync(name, cancel).ConfigureAwait(false) is not { } document) return null;
        var manifest = Parse<RunManifest>(name, document);
        if (manifest.Version > RunManifest.CurrentVersion) throw Newer(name, manifest.Version);
        return manifest.RunId == runId ? manifest
            : throw new DataException($"The manifest {store.Locate(name)} does not have the digest its name says: it was changed after it was written. Remove it and run again.");
    }

    /// <summary>Writes a run's manifest; one that is there already is the same, since its name is its digest.</summary>
    public async ValueTask WriteManifestAsync(RunManifest run, CancellationToken cancel)
    {
        try
        {
            await store.WriteAsync(Name(run.RunId, "manifest.json"), ManifestJson.Serialize(run), WriteCondition.Create, cancel).ConfigureAwait(false);
        }
        catch (StateConflictException)
        {
            await ReadManifestAsync(run.RunId, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>The run that took the place of one whose guessed types were broken, and what there is to say about it; null when there is none.</summary>
    public async ValueTask<(RunManifest Run, IReadOnlyList<string> Notes)?> ReadSuccessorAsync(string runId, CancellationToken cancel)
    {
        var name = Name(runId, SuccessorFile);
        if (await store.ReadAsync(name, cancel).ConfigureAwait(false) is not { } document) return null;
        var successor = Parse<Successor>(name, document);
        return await ReadManifestAsync(successor.RunId, cancel).ConfigureAwait(false) is { } run ? (run, successor.Notes) : null;
    }

    /// <summary>Writes which run, whose manifest is written, takes a run's place.</summary>
    public async ValueTask WriteSuccessorAsync(string runId, string successor, IReadOnlyList<string> notes, CancellationToken cancel) =>
        await store.WriteAsync(Name(runId, SuccessorFile), ManifestJson.Serialize(new Successor(successor, notes)), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>The receipt of one split, or null when it is not staged yet.</summary>
    public async ValueTask<StageReceipt?> ReadReceiptAsync(string runId, int split, CancellationToken cancel)
    {
        var name = ReceiptName(runId, split);
        return await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } document ? Parse<StageReceipt>(name, document) : null;
    }

    /// <summary>Writes a split's receipt. A task that ran twice staged the same, so the last one may win.</summary>
    public async ValueTask WriteReceiptAsync(string runId, StageReceipt receipt, CancellationToken cancel) =>
        await store.WriteAsync(ReceiptName(runId, receipt.Split), ManifestJson.Serialize(receipt), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>Writes a file of dead letters.</summary>
    /// <returns>Where a person finds it.</returns>
    public async ValueTask<string> WriteDeadLettersAsync(string runId, int split, int part, ReadOnlyMemory<byte> ndjson, CancellationToken cancel)
    {
        var name = Name(runId, DeadLettersFile(split, part));
        await store.WriteAsync(name, ndjson, WriteCondition.Always, cancel).ConfigureAwait(false);
        return store.Locate(name);
    }

    /// <summary>A file of dead letters.</summary>
    /// <exception cref="DataException">It is gone.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadDeadLettersAsync(string runId, int split, int part, CancellationToken cancel)
    {
        var name = Name(runId, DeadLettersFile(split, part));
        return (await store.ReadAsync(name, cancel).ConfigureAwait(false))?.Content
            ?? throw new DataException($"The dead letters {store.Locate(name)} are gone, and the run is not finished. Remove its folder and run again.");
    }

    private const string SuccessorFile = "successor.json";

    private static string DeadLettersFile(int split, int part) => string.Create(CultureInfo.InvariantCulture, $"dead-letters/split-{split:D6}-{part:D3}.ndjson");

    private static string ReceiptFile(int split) => string.Create(CultureInfo.InvariantCulture, $"receipts/split-{split:D6}.json");

    private string ReceiptName(string runId, int split) => Name(runId, ReceiptFile(split));

    private string Name(string runId, string file) => $"{pipeline}/runs/{runId}/{file}";

    private T Parse<T>(string name, StateDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(document.Content.Span, ManifestJson.Options) ?? throw new JsonException("The document is null.");
        }
        catch (JsonException e)
        {
            throw new DataException($"The state document {store.Locate(name)} cannot be read as what it should be ({e.Message}). It was cut off or edited; restore it, or remove it and its run's folder.", e);
        }
    }

    private sealed record Successor(string RunId, IReadOnlyList<string> Notes);

    private DataException Newer(string name, int version) =>
        new($"{store.Locate(name)} was written by a newer version of Etl (layout {version}). Use that version, or a newer one.");
}
