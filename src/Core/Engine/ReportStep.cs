using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The report that people look at: what it needs is kept while the run goes on, and the page is written when it is over. A run never fails because of it.</summary>
internal sealed class ReportStep(Pipeline pipeline, RunRecords records)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceAfterFailure = TimeSpan.FromSeconds(10);

    /// <summary>Keeps what planning found.</summary>
    public async Task KeepAsync(RunPlan plan, CancellationToken cancel)
    {
        if (pipeline.Report is { Enabled: true }) await records.WriteFindingsAsync(plan.Run!.RunId, PlanFindings.Of(plan), cancel).ConfigureAwait(false);
    }

    /// <summary>Writes the page of a run that failed and stays open, as far as it came; none when that cannot be done soon, for it may fail for the same reason.</summary>
    public async Task FailAsync(string runId, string failure, CancellationToken cancel)
    {
        if (pipeline is not { Report.Enabled: true, ReportPage: { } page }) return;
        using var patience = new CancellationTokenSource(PatienceAfterFailure, pipeline.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            if (await RunDetailsReader.ReadStoredAsync(pipeline, records, runId, either.Token).ConfigureAwait(false) is { } details)
                await records.WritePageAsync(details.Run.RunId, page(details with { Failure = failure }), either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EtlException or OperationCanceledException or IOException)
        {
            // The failure itself is what is said.
        }
    }

    /// <summary>Writes the page of a committed run.</summary>
    /// <returns>Why there is none; null when there is, or is to be none.</returns>
    public async Task<string?> WriteAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        if (pipeline is not { Report.Enabled: true, ReportPage: { } page }) return null;
        using var patience = new CancellationTokenSource(Patience, pipeline.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var details = await RunDetailsReader.ReadAsync(pipeline, records, run, receipts, either.Token).ConfigureAwait(false);
            await records.WritePageAsync(run.RunId, page(details), either.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is EtlException or OperationCanceledException or IOException)
        {
            return $"The HTML report was not written ({(e is EtlException ? e.Message : "there was no time left")}); everything is loaded. `etl report` makes it later.";
        }
    }
}
