using System.Globalization;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Merging;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Npgsql;

namespace Etl.Connectors.Postgres;

/// <summary>
/// A table in PostgreSQL. The rows, the table's changes and the note that a run was loaded (in <c>_etl_loads</c>) are one transaction, so a run is loaded once however often it is asked for.
/// </summary>
public sealed class PostgresSink(PostgresSinkOptions options, ConnectorContext context) : ILoadSink, IDescribedTable
{
    private readonly PostgresConnection server = new(options);
    private readonly PostgresTable table = new(options);

    /// <inheritdoc/>
    public LoadTerms Terms { get; } = new(options.Write) { Key = options.Key };

    /// <inheritdoc/>
    public async ValueTask<TargetTable> DescribeAsync(CancellationToken cancel)
    {
        var connection = await server.OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            return await GuardAsync("describe a table of", async () => await table.DescribeAsync(connection, cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(RunManifest run, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        var schema = run.Schema;
        MergeCheck.Check(schema, options);
        Staged(run);
        if (schema.Columns.FirstOrDefault(c => System.Text.Encoding.UTF8.GetByteCount(c.Name) > 63) is { } longest)
            throw new DataException($"The column {longest.Name} has a name of more than 63 bytes, which PostgreSQL would cut. Rename it with select.");
        if (schema.Columns.Count > 1_600)
            throw new DataException($"The run has {schema.Columns.Count:N0} columns, and a table of PostgreSQL has at most 1,600. Leave some out with select.");
        var there = await DescribeAsync(cancel).ConfigureAwait(false);
        if (options.Write != WriteDisposition.Replace) table.Changes(schema, there);
    }

    /// <inheritdoc/>
    public async ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(receipts);
        var connection = await server.OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            return await GuardAsync($"load {options.Schema}.{options.Table} of", () => CommitAsync(connection, run, receipts, cancel)).ConfigureAwait(false);
    }

    private async Task<LoadReceipt> CommitAsync(NpgsqlConnection connection, RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        var transaction = await connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
        await using var _ = transaction.ConfigureAwait(false);
        var ledger = new LoadLedger(connection, table);
        await ledger.OpenAsync(run.RunId, cancel).ConfigureAwait(false);
        var done = await ledger.FindAsync(run.RunId, cancel).ConfigureAwait(false);
        if (done is null)
        {
            var incoming = new IncomingRows(connection, run.Schema);
            var rows = await incoming.CopyAsync(new StagedRows(Staged(run), run.Schema, context.Time), [.. receipts.SelectMany(r => r.Files)], cancel).ConfigureAwait(false);
            if (receipts.All(r => r.RowsStaged is not null) && receipts.Sum(r => r.RowsStaged) is var staged && staged != rows)
                throw new DataException($"The staged files hold {rows:N0} rows, and {staged:N0} were staged: a file was changed or damaged after it was written. Nothing was loaded. Remove the run's staged files and run `etl state reset --open-run`, then run again.");
            await table.PrepareAsync(connection, run.Schema, cancel).ConfigureAwait(false);
            done = (rows, await new TableWrite(connection, table, run, options).WriteAsync(rows, cancel).ConfigureAwait(false));
            await ledger.AddAsync(run.RunId, context.Time.GetUtcNow(), done.Value.Rows, done.Value.Changes, cancel).ConfigureAwait(false);
        }

        await transaction.CommitAsync(cancel).ConfigureAwait(false);
        var target = $"{options.Database}.{options.Schema}.{options.Table}";
        return new LoadReceipt(target, run.RunId, done.Value.Rows, string.Create(CultureInfo.InvariantCulture, $"psql -h {options.Host} -p {options.Port} {(options.User is null ? "" : $"-U {options.User} ")}-d {options.Database} -c 'SELECT * FROM {table.Quoted} LIMIT 10'"), done.Value.Changes);
    }

    private IStagedFiles Staged(RunManifest run)
    {
        if (run.Encoding.Format != StagingFormat.Parquet)
            throw new DataException($"postgres reads staged parquet, whose values have types, and this pipeline stages {OptionModel.YamlName(run.Encoding.Format.ToString())}. Set format to parquet at the staging sink.");
        var staging = context.Shared<IStagingSink>(_ => throw new InvalidOperationException("The pipeline has no staging sink."));
        return staging as IStagedFiles ?? throw new DataException("postgres reads the staged files itself, and this staging sink does not give them back. Stage with file, gcs or s3.");
    }

    private async Task<T> GuardAsync<T>(string doing, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or TimeoutException)
        {
            throw server.Explain(e, doing);
        }
    }
}
