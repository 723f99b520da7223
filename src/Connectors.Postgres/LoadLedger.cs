using Etl.Core.Contracts;
using Npgsql;
using NpgsqlTypes;
using static Etl.Connectors.Postgres.PostgresTypes;

namespace Etl.Connectors.Postgres;

/// <summary>The table <c>_etl_loads</c> beside the target: a row for each run that was loaded, written in the transaction of its rows.</summary>
internal sealed class LoadLedger(NpgsqlConnection connection, PostgresTable table)
{
    private readonly string ledger = $"{table.Schema}._etl_loads";

    /// <summary>Makes it when it is not there, and waits for whoever else loads this run: the second of two finds what the first did.</summary>
    public async ValueTask OpenAsync(string run, CancellationToken cancel)
    {
        await LockAsync($"{run} {table.Quoted}", cancel).ConfigureAwait(false);
        if (await connection.AnyAsync(IsThere, cancel).ConfigureAwait(false)) return;
        // Two that make a schema or a table at once would trip over each other, whatever IF NOT EXISTS says.
        await LockAsync(table.Schema, cancel).ConfigureAwait(false);
        if (!await connection.AnyAsync($"SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {Literal(table.SchemaName)}", cancel).ConfigureAwait(false))
            await connection.RunAsync($"CREATE SCHEMA {table.Schema}", cancel).ConfigureAwait(false);
        if (!await connection.AnyAsync(IsThere, cancel).ConfigureAwait(false))
            await connection.RunAsync($"CREATE TABLE {ledger} (run_id text NOT NULL, \"table\" text NOT NULL, \"rows\" bigint NOT NULL, inserted bigint, updated bigint, deleted bigint, loaded_at timestamptz NOT NULL, PRIMARY KEY (run_id, \"table\"))", cancel).ConfigureAwait(false);
    }

    private string IsThere => $"SELECT 1 WHERE to_regclass({Literal(ledger)}) IS NOT NULL";

    private Task LockAsync(string what, CancellationToken cancel) => connection.RunAsync($"SELECT pg_advisory_xact_lock(hashtextextended({Literal("etl " + what)}, 0))", cancel);

    /// <summary>What an earlier commit of the run did, or null.</summary>
    public async ValueTask<(long Rows, RowChanges? Changes)?> FindAsync(string run, CancellationToken cancel)
    {
        var command = new NpgsqlCommand($"SELECT \"rows\", inserted, updated, deleted FROM {ledger} WHERE run_id = $1 AND \"table\" = $2", connection) { Parameters = { new() { Value = run }, new() { Value = table.Table } } };
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        if (!await reader.ReadAsync(cancel).ConfigureAwait(false)) return null;
        return (reader.GetInt64(0), await reader.IsDBNullAsync(1, cancel).ConfigureAwait(false) ? null : new RowChanges(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
    }

    /// <summary>Notes a load.</summary>
    public async ValueTask AddAsync(string run, DateTimeOffset now, long rows, RowChanges? changes, CancellationToken cancel)
    {
        var command = new NpgsqlCommand($"INSERT INTO {ledger} (run_id, \"table\", \"rows\", inserted, updated, deleted, loaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)", connection);
        await using var _ = command.ConfigureAwait(false);
        command.Parameters.Add(new NpgsqlParameter { Value = run });
        command.Parameters.Add(new NpgsqlParameter { Value = table.Table });
        foreach (var count in (long?[])[rows, changes?.Inserted, changes?.Updated, changes?.Deleted])
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)count ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = now.UtcDateTime });
        await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }
}
