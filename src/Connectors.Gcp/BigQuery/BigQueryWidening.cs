using Etl.Connectors.Gcp.BigQuery.Client;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using TableSchema = Etl.Core.Schemas.TableSchema;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>
/// Gives a table's columns the wider types of a run, before the run's load: one <c>ALTER TABLE</c> job a column, whose id follows from the run. What is wide
/// enough already is left, so that a process that died in between, and another that does the same, end in the same table. A column that is only added or
/// made nullable is changed by the load itself.
/// </summary>
internal sealed class BigQueryWidening(IBigQueryService service, BigQueryJobs jobs, TableReference reference, string? location)
{
    private string Table => $"{reference.ProjectId}.{reference.DatasetId}.{reference.TableId}";

    /// <summary>Alters what is to be altered.</summary>
    /// <param name="jobId">The beginning of the jobs' ids.</param>
    /// <param name="schema">The run's columns.</param>
    /// <param name="table">The table.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>The table as it is then.</returns>
    public async Task<Table> ApplyAsync(string jobId, TableSchema schema, Table table, CancellationToken cancel)
    {
        var wider = Wider(schema, table);
        foreach (var (column, type) in wider)
        {
            var sql = $"ALTER TABLE `{Table}` ALTER COLUMN `{column}` SET DATA TYPE {type.SqlName()}";
            var job = await jobs.RunAsync(
                new JobName(reference.ProjectId!, location, $"{jobId}_type_{schema.IndexOf(column)}", j => j.Configuration?.Query?.Query is not { } text || text == sql),
                new JobConfiguration { Query = new JobConfigurationQuery { Query = sql, UseLegacySql = false } },
                cancel).ConfigureAwait(false);
            if (job.Status?.ErrorResult is not null) throw BigQueryErrors.Explain(job, $"column {column} of {Table} the type {type.SqlName()}", "give");
        }

        if (wider.Count == 0) return table;
        var altered = await service.GetTableAsync(reference, cancel).ConfigureAwait(false);
        return Wider(schema, altered) is not [var (left, wanted), ..] ? altered
            : throw new ServiceException($"Column {left} of {Table} was to become {wanted.SqlName()}, and somebody has given it another type since. Nothing of this run was loaded; look at the table, then run again.", transient: false);
    }

    /// <summary>Makes sure, when the run is planned, that no value of the table would be rounded: FLOAT64 has fewer digits than the types that BigQuery makes it of.</summary>
    /// <exception cref="DataException">Some would be.</exception>
    public async Task CheckAsync(TableSchema schema, Table table, CancellationToken cancel)
    {
        foreach (var (column, _) in Wider(schema, table).Where(w => w.Type == ColumnType.Float64))
        {
            var result = await new BigQueryReader(service, reference.ProjectId!, location)
                .QueryAsync($"SELECT COUNTIF(CAST(CAST(`{column}` AS FLOAT64) AS NUMERIC) != `{column}`) AS n FROM `{Table}`", cancel).ConfigureAwait(false);
            if (await result.Rows.FirstAsync(cancel).ConfigureAwait(false) is [{ } rounded] && rounded != "0")
                throw new DataException($"{column} of {Table} would become FLOAT64, as the data is, and {rounded} of the table's values would be rounded. Declare a type that keeps them under csv: columns ({{ name: {column}, type: NUMERIC }}, or STRING, for which a new column is made).");
        }
    }

    private static List<(string Column, ColumnType Type)> Wider(TableSchema schema, Table table)
    {
        var there = BigQueryTables.Describe("", table);
        return [.. schema.Columns
            .Where(c => c.Contract == SchemaContract.Evolve && there.Find(c.Name) is { } column && !column.Types.Contains(c.Type) && column.WidensTo.Contains(c.Type))
            .Select(c => (there.Find(c.Name)!.Name, c.Type))];
    }
}
