using System.Globalization;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>What stage tasks, wherever they ran, left of one run.</summary>
internal sealed class StagedRun(Pipeline pipeline, RunRecords records, RunManifest run)
{
    private const int Parallelism = 16;
    private const int Named = 20;

    /// <summary>What there is of every split: its receipt, or a doubt that the commit settles.</summary>
    /// <param name="checkFiles">Whether to make sure that the staged files are there. Those of a run that was loaded may be gone.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotStagedException">Splits have neither.</exception>
    public async Task<IReadOnlyList<StagedSplit>> ReadAsync(bool checkFiles, CancellationToken cancel)
    {
        var found = new StagedSplit[run.Splits.Count];
        await Parallel.ForEachAsync(run.Splits, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel }, async (split, stop) =>
        {
            var receipt = await records.ReadReceiptAsync(run.RunId, split.Index, stop).ConfigureAwait(false);
            found[split.Index] = new StagedSplit(receipt, receipt is null ? await records.ReadDoubtAsync(run.RunId, split.Index, stop).ConfigureAwait(false) : null);
        }).ConfigureAwait(false);

        var lost = checkFiles ? await ForgetLostAsync(found, cancel).ConfigureAwait(false) : 0;
        var missing = run.Splits.Where(s => found[s.Index] is { Receipt: null, Doubt: null }).Select(s => s.Index).ToList();
        return missing.Count == 0 ? found : throw new NotStagedException(
            $"{missing.Count:N0} of the {run.Splits.Count:N0} splits of run {run.RunId} are not staged, so nothing was loaded: {string.Join(", ", missing.Take(Named).Select(i => i.ToString(CultureInfo.InvariantCulture)))}{(missing.Count > Named ? ", …" : "")}.{(lost > 0 ? $" {lost:N0} of them were staged, and their files are gone." : "")} Run the stage tasks again, which does only these, and then commit; or let `etl run` do both here.", run, missing);
    }

    // A receipt whose files are gone (a bucket's lifecycle rule) would let every task believe that there is nothing to do.
    private async Task<int> ForgetLostAsync(StagedSplit[] found, CancellationToken cancel)
    {
        // A file's name is the run's own, whatever folder it is in.
        var files = new Dictionary<string, long>();
        foreach (var folder in found.SelectMany(s => s.Receipt?.Files ?? []).Select(f => $"{run.Pipeline}/{f.Partition ?? run.RunId}/").Distinct())
            await foreach (var file in pipeline.Staging.ListAsync(folder, cancel).ConfigureAwait(false))
                files[file.Name[(file.Name.LastIndexOf('/') + 1)..]] = file.Bytes;
        var lost = found.Where(s => s.Receipt is { } receipt && receipt.Files.Any(f => files.GetValueOrDefault(f.Uri[(f.Uri.LastIndexOf('/') + 1)..], -1) != f.Bytes)).Select(s => s.Receipt!.Split).ToList();
        await records.DeleteReceiptsAsync(run.RunId, lost, cancel).ConfigureAwait(false);
        foreach (var split in lost) found[split] = default;
        return lost.Count;
    }
}
