using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Etl.Core.Errors;
using Etl.Core.Runs;

namespace Etl.Core.State;

/// <summary>The documents of one pipeline in its state store: <c>state.json</c>, the ledger's parts, and for each run its manifest, receipts and dead letters.</summary>
public sealed class RunRecords(IStateStore store, string pipeline)
{
    /// <summary>The pipeline's name: the folder of its documents.</summary>
    public string Pipeline => pipeline;

    /// <summary>Where a person finds the state.</summary>
    public string StateLocation => store.Locate(StateName);

    private string StateName => $"{pipeline}/state.json";

    /// <summary>The pipeline's state as it is stored. An older layout is read as what it means today.</summary>
    /// <exception cref="DataException">It was cut off or edited, or a newer version of Etl wrote it.</exception>
    public async ValueTask<StoredState> ReadStateAsync(CancellationToken cancel)
    {
        if (await store.ReadAsync(StateName, cancel).ConfigureAwait(false) is not { } document) return new StoredState(PipelineState.Empty, null, null);
        switch (Parse<LayoutVersion>(StateName, document).Version)
        {
            case 1:
                var old = Parse<PipelineStateV1>(StateName, document);
                return new StoredState(PipelineState.Empty with { LastRun = old.LastRun, Open = old.OpenRun is { } open ? new OpenRun(open, OpenPhase.Loading) : null }, document.Version, old.Loaded);
            case PipelineState.CurrentVersion:
                return new StoredState(Parse<PipelineState>(StateName, document), document.Version, null);
            case var version:
                throw Newer(StateName, version);
        }
    }

    /// <summary>Moves the state, only while it still has the version it was read with.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="StateConflictException">Another process moved it.</exception>
    internal ValueTask<string> WriteStateAsync(PipelineState state, string? version, CancellationToken cancel) =>
        store.WriteAsync(StateName, ManifestJson.Serialize(state), version is null ? WriteCondition.Create : WriteCondition.IfVersion(version), cancel);

    /// <summary>Writes a document of the ledger.</summary>
    internal async ValueTask<LedgerSegment> WriteSegmentAsync(long generation, int objects, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        var name = string.Create(CultureInfo.InvariantCulture, $"ledger/{generation:D8}-{digest[..16]}.ndjson.zst");
        await store.WriteAsync($"{pipeline}/{name}", content, WriteCondition.Always, cancel).ConfigureAwait(false);
        return new LedgerSegment(name, objects, content.Length, digest);
    }

    /// <summary>A document of the ledger.</summary>
    /// <exception cref="DataException">It is gone, or was cut off or edited.</exception>
    internal async ValueTask<ReadOnlyMemory<byte>> ReadSegmentAsync(LedgerSegment segment, CancellationToken cancel)
    {
        var name = $"{pipeline}/{segment.Name}";
        var document = await store.ReadAsync(name, cancel).ConfigureAwait(false);
        if (document is not null && Convert.ToHexStringLower(SHA256.HashData(document.Content.Span)) == segment.Sha256) return document.Content;
        throw new DataException($"The part {store.Locate(name)} of the ledger {(document is null ? "is gone" : "was cut off or edited")}, so it is not known which objects were loaded. Restore it; or, when that is not possible, start the ledger anew with `etl state reset` and then name what is in the table with `etl state mark-loaded`.");
    }

    /// <summary>Everything the pipeline's folder holds, by its name in the store.</summary>
    internal IAsyncEnumerable<StoredObject> ListAsync(CancellationToken cancel) => store.ListAsync(pipeline + "/", cancel);

    /// <summary>Removes a document as it was listed.</summary>
    internal ValueTask DeleteAsync(StoredObject found, CancellationToken cancel) => store.DeleteAsync(found, cancel);

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

    /// <summary>When the run began: <paramref name="now"/>, or what the first task to ask wrote down. The manifest does not say it, because planning the same again gives the same manifest.</summary>
    public async ValueTask<DateTimeOffset> BeginAsync(string runId, DateTimeOffset now, CancellationToken cancel)
    {
        var name = Name(runId, "began.json");
        if (await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } found) return Parse<Beginning>(name, found).At;
        try
        {
            await store.WriteAsync(name, ManifestJson.Serialize(new Beginning(now)), WriteCondition.Create, cancel).ConfigureAwait(false);
            return now;
        }
        catch (StateConflictException)
        {
            return Parse<Beginning>(name, (await store.ReadAsync(name, cancel).ConfigureAwait(false))!).At;
        }
    }

    /// <summary>The receipt of one split, or null when it is not staged yet.</summary>
    public async ValueTask<StageReceipt?> ReadReceiptAsync(string runId, int split, CancellationToken cancel)
    {
        var name = ReceiptName(runId, split);
        return await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } document ? Parse<StageReceipt>(name, document) : null;
    }

    /// <summary>Writes a split's receipt. A task that ran twice staged the same, so the last one may win.</summary>
    public async ValueTask WriteReceiptAsync(string runId, StageReceipt receipt, CancellationToken cancel) =>
        await store.WriteAsync(ReceiptName(runId, receipt.Split), ManifestJson.Serialize(receipt), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>Removes receipts that no longer tell the truth.</summary>
    internal async ValueTask DeleteReceiptsAsync(string runId, IEnumerable<int> splits, CancellationToken cancel)
    {
        var names = splits.Select(s => ReceiptName(runId, s)).ToHashSet();
        if (names.Count == 0) return;
        await foreach (var found in store.ListAsync(Name(runId, ReceiptsFolder), cancel).ConfigureAwait(false))
            if (names.Contains(found.Name)) await store.DeleteAsync(found, cancel).ConfigureAwait(false);
    }

    /// <summary>The split's doubt, or null.</summary>
    internal async ValueTask<string?> ReadDoubtAsync(string runId, int split, CancellationToken cancel)
    {
        var name = Name(runId, DoubtFile(split));
        return await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } document ? Parse<Doubt>(name, document).Reason : null;
    }

    /// <summary>Writes that a split's data looked wrong to a task that had to guess where its first record starts: whoever knows the split before it decides.</summary>
    internal async ValueTask WriteDoubtAsync(string runId, int split, string reason, CancellationToken cancel) =>
        await store.WriteAsync(Name(runId, DoubtFile(split)), ManifestJson.Serialize(new Doubt(reason)), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>What broke a guessed type of a run that is staged by tasks, or null.</summary>
    internal async ValueTask<SchemaBrokenException?> ReadBrokenAsync(string runId, CancellationToken cancel)
    {
        var name = Name(runId, BrokenFile);
        return await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } document && Parse<Broken>(name, document) is var b
            ? new SchemaBrokenException(b.ObjectName, b.Line, b.LineFrom, b.Column, b.Reason) : null;
    }

    /// <summary>Writes what broke a guessed type; the first to find out may be followed by others.</summary>
    internal async ValueTask WriteBrokenAsync(string runId, SchemaBrokenException broken, CancellationToken cancel) =>
        await store.WriteAsync(Name(runId, BrokenFile), ManifestJson.Serialize(new Broken(broken.ObjectName, broken.Line, broken.LineFrom, broken.Column, broken.Reason)), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>Writes a file of dead letters.</summary>
    /// <returns>Where a person finds it.</returns>
    public async ValueTask<string> WriteDeadLettersAsync(string runId, string file, ReadOnlyMemory<byte> ndjson, CancellationToken cancel)
    {
        var name = Name(runId, DeadLettersFolder + file);
        await store.WriteAsync(name, ndjson, WriteCondition.Always, cancel).ConfigureAwait(false);
        return store.Locate(name);
    }

    /// <summary>The name of a file of dead letters, from its address in a receipt.</summary>
    internal static string DeadLetterFile(string address) => address[(address.LastIndexOfAny(['/', '\\']) + 1)..];

    /// <summary>The names of a run's files of dead letters, in no order.</summary>
    internal async IAsyncEnumerable<string> ListDeadLettersAsync(string runId, [EnumeratorCancellation] CancellationToken cancel)
    {
        var folder = Name(runId, DeadLettersFolder);
        await foreach (var found in store.ListAsync(folder, cancel).ConfigureAwait(false)) yield return found.Name[folder.Length..];
    }

    /// <summary>A file of dead letters.</summary>
    /// <exception cref="DataException">It is gone.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadDeadLettersAsync(string runId, string file, CancellationToken cancel)
    {
        var name = Name(runId, DeadLettersFolder + file);
        return (await store.ReadAsync(name, cancel).ConfigureAwait(false))?.Content
            ?? throw new DataException($"The dead letters {store.Locate(name)} are gone, and the run is not finished. Remove its folder and run again.");
    }

    /// <summary>What a committed run did; null when nobody wrote it, or a newer version of Etl did.</summary>
    internal async ValueTask<RunReport?> ReadReportAsync(string runId, CancellationToken cancel)
    {
        var name = Name(runId, ReportFile);
        return await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } document && Parse<LayoutVersion>(name, document).Version == RunReport.CurrentVersion ? Parse<RunReport>(name, document) : null;
    }

    /// <summary>Writes what a run did.</summary>
    internal async ValueTask WriteReportAsync(RunReport report, CancellationToken cancel) =>
        await store.WriteAsync(Name(report.Run, ReportFile), ManifestJson.Serialize(report), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>What planning a run found; null when nobody wrote it.</summary>
    internal async ValueTask<PlanFindings?> ReadFindingsAsync(string runId, CancellationToken cancel)
    {
        var name = Name(runId, FindingsFile);
        return await store.ReadAsync(name, cancel).ConfigureAwait(false) is { } document ? Parse<PlanFindings>(name, document) : null;
    }

    /// <summary>Writes what planning a run found.</summary>
    internal async ValueTask WriteFindingsAsync(string runId, PlanFindings findings, CancellationToken cancel) =>
        await store.WriteAsync(Name(runId, FindingsFile), ManifestJson.Serialize(findings), WriteCondition.Always, cancel).ConfigureAwait(false);

    /// <summary>Writes a run's report for people.</summary>
    internal async ValueTask WritePageAsync(string runId, ReadOnlyMemory<byte> page, CancellationToken cancel) =>
        await store.WriteAsync(Name(runId, PageFile), page, WriteCondition.Always, cancel).ConfigureAwait(false);

    private const string ReportFile = "report.json";

    private const string PageFile = "report.html";

    private const string FindingsFile = "findings.json";

    private const string SuccessorFile = "successor.json";

    private const string ReceiptsFolder = "receipts/";

    private const string BrokenFile = "broken.json";

    private const string DeadLettersFolder = "dead-letters/";

    private static string DoubtFile(int split) => string.Create(CultureInfo.InvariantCulture, $"doubts/split-{split:D6}.json");

    private static string ReceiptFile(int split) => string.Create(CultureInfo.InvariantCulture, $"{ReceiptsFolder}split-{split:D6}.json");

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

    private sealed record Beginning(DateTimeOffset At);

    private sealed record Doubt(string Reason);

    private sealed record Broken(string ObjectName, long Line, long? LineFrom, string Column, string Reason);

    private sealed record LayoutVersion(int Version);

    private DataException Newer(string name, int version) =>
        new($"{store.Locate(name)} was written by a newer version of Etl (layout {version}). Use that version, or a newer one.");
}

/// <summary>The state as it is stored.</summary>
/// <param name="State">What it means today.</param>
/// <param name="Version">Its version in the store; null when there is none yet.</param>
/// <param name="OldLedger">The ledger of the first layout, which had it in the state; null otherwise.</param>
public sealed record StoredState(PipelineState State, string? Version, IReadOnlyDictionary<string, string>? OldLedger);
