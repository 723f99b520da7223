using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Polly;

namespace Etl.Core.Engine;

/// <summary>Asserts what the pipeline file says of the staged rows, before anything is loaded.</summary>
internal sealed class Assertions(Pipeline pipeline, ResiliencePipeline retry)
{
    /// <summary>Makes sure that every column that is asserted about is there.</summary>
    /// <exception cref="DataException">One is not.</exception>
    public static void CheckColumns(AssertOptions? assert, RunManifest run)
    {
        foreach (var (key, column) in (assert?.NotNull.Select(c => ("not_null", c)) ?? []).Concat(assert?.Unique.SelectMany(k => k).Select(c => ("unique", c)) ?? []).Concat(assert?.AcceptedValues.Keys.Select(c => ("accepted_values", c)) ?? []))
            Find(run, key, column);
    }

    /// <summary>How many assertions were held.</summary>
    /// <param name="run">The run.</param>
    /// <param name="receipts">What it staged.</param>
    /// <param name="holder">The number of the lease's holder: a process that comes later asks anew.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="DataException">Some are not true; nothing was loaded.</exception>
    public async Task<int> CheckAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, long holder, CancellationToken cancel)
    {
        if (pipeline.Assert is not { } assert) return 0;
        var sink = pipeline.Loads.OfType<IStagedRows>().FirstOrDefault()
            ?? throw new DataException("assert needs a load sink that can query the staged rows, such as bigquery or duckdb.");
        var failures = new List<string>();
        var rows = RowCounts.Sum(receipts).Staged;
        var checks = AssertionSql.Of(assert, sink.Dialect, run, countRows: rows is null);
        if (assert.Rows is not null && rows is { } staged) failures.AddRange(AssertionSql.Within(assert.Rows, staged));
        if (checks.Count > 0)
        {
            var counts = await AskAsync("SELECT " + string.Join(",\n  ", checks.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"({c.Sql}) AS a{i}"))), 0).ConfigureAwait(false);
            failures.AddRange(checks.SelectMany((c, i) => c.Judge(counts[i])));
        }

        for (var i = 0; i < assert.Sql.Count; i++)
        {
            var (name, query) = (assert.Sql[i].Name, assert.Sql[i].Query.TrimEnd().TrimEnd(';'));
            try
            {
                if (await AskAsync($"SELECT COUNT(*) FROM (\n{query}\n)", i + 1).ConfigureAwait(false) is [> 0 and var wrong]) failures.Add($"{name}: the query returns {AssertionSql.Rows(wrong)}, and must return none");
            }
            catch (DataException e)
            {
                throw new DataException($"assert: sql: {name}: {e.Message}", e);
            }
        }

        return failures.Count == 0 ? (assert.Rows is null || rows is null ? 0 : 1) + checks.Count + assert.Sql.Count
            : throw new DataException($"What the pipeline asserts is not true of the staged rows, so nothing was loaded.\n  {string.Join("\n  ", failures)}\nCorrect the data or the pipeline file's assert:, and run again: the run is then planned anew.");

        async Task<IReadOnlyList<long>> AskAsync(string sql, int number) => await retry.ExecuteAsync(
            async stop => await sink.CountAsync(run, receipts, new StagedQuery(string.Create(CultureInfo.InvariantCulture, $"assert_{holder}_{number}"), sql), stop).ConfigureAwait(false), cancel).ConfigureAwait(false);
    }

    /// <summary>The column of the staged files that an assertion means.</summary>
    internal static Column Find(RunManifest run, string key, string name)
    {
        // A column may have another name there because the table's could not take its type.
        var placed = run.Placed?.FirstOrDefault(p => string.Equals(p.Key, name, StringComparison.OrdinalIgnoreCase)).Value ?? name;
        if (run.Schema.IndexOf(placed) is >= 0 and var at) return run.Schema.Columns[at];
        var nearest = NearestNames.Of(name, run.Schema.Columns.Select(c => c.Name));
        throw new DataException($"assert: {key} names the column {name}, which the run does not have.{(nearest.Count > 0 ? $" Did you mean {string.Join(" or ", nearest)}?" : "")} Nothing was loaded.");
    }
}
