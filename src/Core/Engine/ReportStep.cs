using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>The report that people look at: what it needs is kept while the run goes on, and the page is written when it is over. A run never fails because of it.</summary>
internal sealed class ReportStep(Pipeline pipeline, RunRecords records)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Keeps what planning found.</summary>
    public async Task KeepAsync(RunPlan plan, CancellationToken cancel)
    {
        if (pipeline.Report is { Enabled: true }) await records.WriteFindingsAsync(plan.Run!.RunId, PlanFindings.Of(plan), cancel).ConfigureAwait(false);
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
