using System.Text.Json.Serialization;
using Etl.Core.Runs;

namespace Etl.Core.State;

/// <summary>Which run changed a table's columns.</summary>
/// <param name="Run">The run.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Table">The table, as its service names it.</param>
/// <param name="IsNew">Whether it made the table.</param>
/// <param name="Columns">The columns that changed, at most <see cref="SchemaHistory.MostColumns"/> of them.</param>
public sealed record SchemaChange(string Run, DateTimeOffset At, string Table, bool IsNew, IReadOnlyList<ColumnDifference> Columns)
{
    /// <summary>How many more columns changed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int More { get; init; }
}

/// <summary>The changes that a pipeline remembers: the latest, so that its state stays small.</summary>
public static class SchemaHistory
{
    /// <summary>How many changes are kept.</summary>
    public const int MostChanges = 40;

    /// <summary>How many columns of one change are kept.</summary>
    public const int MostColumns = 20;

    /// <summary>The history with what <paramref name="run"/> changed, oldest first.</summary>
    public static IReadOnlyList<SchemaChange> Append(IReadOnlyList<SchemaChange> history, RunManifest run, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(run);
        var changes = (run.Differences ?? []).Where(d => d.ChangesTable).Select(d =>
        {
            var columns = d.Columns.Where(c => c.ChangesTable).ToList();
            return new SchemaChange(run.RunId, now, d.Table, d.IsNew, [.. columns.Take(MostColumns)]) { More = Math.Max(0, columns.Count - MostColumns) };
        });
        return [.. history.Concat(changes).TakeLast(MostChanges)];
    }
}
