using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>What a pipeline remembers, for a person. Reading it takes no lease and changes nothing.</summary>
public sealed record PipelineStatus
{
    /// <summary>Where the state is kept.</summary>
    public required string Location { get; init; }

    /// <summary>The state.</summary>
    public required PipelineState State { get; init; }

    /// <summary>Objects in the ledger.</summary>
    public required int Objects { get; init; }

    /// <summary>Those of them that were asked to be loaded again.</summary>
    public required int Wanted { get; init; }

    /// <summary>The open run's manifest; null when there is none.</summary>
    public required RunManifest? Open { get; init; }

    /// <summary>The last committed run's manifest; null when there is none, or `etl gc` removed it.</summary>
    public required RunManifest? Last { get; init; }

    /// <summary>Reads it.</summary>
    /// <exception cref="Errors.DataException">The state was cut off or edited.</exception>
    public static async Task<PipelineStatus> ReadAsync(Pipeline pipeline, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var records = pipeline.Records();
        var found = await records.ReadStateAsync(cancel).ConfigureAwait(false);
        var ledger = await new LedgerStore(records).ReadAsync(found.State.Ledger, cancel).ConfigureAwait(false);
        return new PipelineStatus
        {
            Location = records.StateLocation,
            State = found.State,
            Objects = found.OldLedger?.Count ?? ledger.Count,
            Wanted = ledger.Wanted,
            Open = found.State.Open is { } open ? await records.ReadManifestAsync(open.Run, cancel).ConfigureAwait(false) : null,
            Last = found.State.LastRun is { } last ? await records.ReadManifestAsync(last, cancel).ConfigureAwait(false) : null,
        };
    }
}
