using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Core.Statistics;

/// <summary>Counts what the columns of one split hold while it is staged.</summary>
internal sealed class SplitStatistics
{
    private const int MostColumns = 100;

    // All receipts of a run are in memory when it is committed.
    private const int MostInARun = 50_000;

    private readonly TableSchema schema;
    private readonly ColumnCounter[] counters;

    private SplitStatistics(TableSchema schema, ColumnCounter[] counters) => (this.schema, this.counters) = (schema, counters);

    /// <summary>For a split of a run; null when nothing is to be counted. Of many columns, or of a run of many splits, the first columns are.</summary>
    /// <param name="schema">The columns of the batches, with what is masked of them.</param>
    /// <param name="splits">How many splits the run has.</param>
    /// <param name="options">What is wanted; null for nothing.</param>
    public static SplitStatistics? For(TableSchema schema, int splits, ReportOptions? options) =>
        options is not { Enabled: true } ? null
        : new SplitStatistics(schema, [.. schema.Columns.Take(Math.Min(MostColumns, MostInARun / Math.Max(1, splits))).Select(c => ColumnCounter.Of(c.Type, options.Values && !c.IsMasked))]);

    /// <summary>Counts a batch, which stays the caller's.</summary>
    public void Add(RecordBatch batch)
    {
        for (var i = 0; i < counters.Length; i++) counters[i].Add(batch.Column(i));
    }

    /// <summary>What was counted.</summary>
    public IReadOnlyList<ColumnStatistics> Build() => [.. counters.Select((c, i) => c.Build(schema.Columns[i].Name, schema.Columns[i].Type, schema.Columns[i].IsMasked))];
}
