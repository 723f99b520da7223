using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.TestSupport;

/// <summary>A table in memory: the lines of the staged files of every run loaded, each run once.</summary>
public sealed class MemoryLoadSink(MemoryStagingSink staging) : ILoadSink, IDescribedTable, IStoredObjects
{
    private readonly HashSet<string> loaded = [];

    public WriteDisposition Write { get; set; } = WriteDisposition.Append;

    public IReadOnlyList<string> Key { get; set; } = [];

    public LoadTerms Terms => new(Write) { Key = Key };

    /// <summary>The table's rows.</summary>
    public List<string> Rows { get; } = [];

    /// <summary>The runs asked for, in order, repeats included.</summary>
    public List<string> Commits { get; } = [];

    /// <summary>Called after the load happened and before its receipt is returned.</summary>
    public Action? AfterLoad { get; set; }

    /// <summary>Called before anything is loaded.</summary>
    public Action? BeforeLoad { get; set; }

    /// <summary>Temporary tables, as <c>pipeline/run/table</c>, made long ago.</summary>
    public HashSet<string> Temporary { get; } = [];

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancel) =>
        Temporary.Where(t => t.StartsWith(prefix, StringComparison.Ordinal)).Select(t => new StoredObject(t, "", 0, default)).ToList().ToAsyncEnumerable();

    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        Temporary.Remove(found.Name);
        return ValueTask.CompletedTask;
    }

    /// <summary>The table's columns; null when there is no table, or it does not say.</summary>
    public IReadOnlyList<TargetColumn>? Columns { get; set; }

    public ValueTask<TargetTable> DescribeAsync(CancellationToken cancel) => ValueTask.FromResult(new TargetTable("memory.table", Columns));

    public ValueTask CheckAsync(RunManifest run, CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        BeforeLoad?.Invoke();
        Commits.Add(run.RunId);
        var rows = receipts.SelectMany(r => r.Files).SelectMany(f => staging.Text(f.Uri).Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (loaded.Add(run.RunId))
        {
            if (Write == WriteDisposition.Replace) Rows.Clear();
            Rows.AddRange(rows);
        }

        AfterLoad?.Invoke();
        return ValueTask.FromResult(new LoadReceipt("memory.table", "job_" + run.RunId, rows.Count, "SELECT 1"));
    }
}
