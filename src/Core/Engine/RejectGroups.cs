using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Counts a run's dead letters by reason. Of a run with very many, the first files are read.</summary>
internal sealed class RejectGroups(RunRecords records, string runId)
{
    private const int MostFiles = 32;
    private const int MostGroups = 100;
    private const int MostPlaces = 3;

    // What comes after the hundredth reason is one group.
    private static readonly (string Kind, string? Column, string Reason) Others = ("other", null, "other reasons");
    private readonly Dictionary<(string Kind, string? Column, string Reason), (long Rows, List<RowPlace> Places)> groups = [];

    /// <summary>Reads the dead letters that the receipts name.</summary>
    public async Task<RejectSummary> ReadAsync(IEnumerable<StageReceipt> receipts, CancellationToken cancel)
    {
        foreach (var address in receipts.SelectMany(r => r.DeadLetters).Take(MostFiles))
            try
            {
                await foreach (var reject in DeadLetters.ReadAsync(records, runId, RunRecords.DeadLetterFile(address), cancel).ConfigureAwait(false)) Add(reject);
            }
            catch (DataException)
            {
                // It was removed or edited since; the others still tell something.
            }

        return new RejectSummary(
            [.. groups.OrderByDescending(g => g.Value.Rows).Select(g => new RejectGroup(g.Key.Kind, g.Key.Column, g.Key.Reason, g.Value.Rows, g.Value.Places))],
            groups.Values.Sum(g => g.Rows));
    }

    private void Add(Reject reject)
    {
        var key = (reject.Kind, reject.Column, reject.Reason);
        if (groups.Count >= MostGroups && !groups.ContainsKey(key)) key = Others;
        var (rows, places) = groups.GetValueOrDefault(key, (0, []));
        if (places.Count < MostPlaces) places.Add(new RowPlace(reject.Object, reject.Line, reject.ByteOffset));
        groups[key] = (rows + 1, places);
    }
}
