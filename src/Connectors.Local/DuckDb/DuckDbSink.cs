using System.Globalization;
using DuckDB.NET.Data;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.Sql;
using static Etl.Connectors.Local.DuckDb.DuckDbTypes;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>
/// A table in a DuckDB database file. Rows and the note that a run was loaded (in <c>_etl_loads</c>) are one transaction, so a run is loaded once however often it is asked for.
/// </summary>
public sealed class DuckDbSink(DuckDbOptions options, ConnectorContext context) : ILoadSink
{
    private static readonly string[] Counts = ["inserted", "updated", "deleted"];
    private readonly string database = Path.GetFullPath(options.Database, context.Folder);
    private readonly string table = $"{Name(options.Schema)}.{Name(options.Table)}";
    private readonly string loads = $"{Name(options.Schema)}._etl_loads";

    /// <inheritdoc/>
    public WriteDisposition Write => options.Write;

    /// <inheritdoc/>
    public IReadOnlyList<string> Key => options.Key;

    /// <inheritdoc/>
    public async ValueTask CheckAsync(TableSchema schema, CancellationToken cancel)
    {
        MergeCheck.Check(schema, options);
        if (!File.Exists(database))
            return;
        var connection = await OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            MissingColumns(schema, await ColumnsAsync(connection, cancel).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        if (run.Encoding.Format == StagingFormat.Passthrough)
            throw new DataException("DuckDB loads staged parquet, csv and ndjson, not the source's own bytes. Change format under sinks: file.");
        if (run.Encoding.Format == StagingFormat.Parquet && run.Schema.Columns.FirstOrDefault(c => c.Type == ColumnType.BigNumeric) is { } big)
            throw new DataException($"DuckDB reads a BIGNUMERIC column from Parquet as a double and would round {big.Name}. Set format to csv or ndjson under sinks: file, or give the column another type.");

        Directory.CreateDirectory(Path.GetDirectoryName(database)!);
        var connection = await OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await RunAsync(connection, "SET TimeZone='UTC'", cancel).ConfigureAwait(false);
                await RunAsync(connection, "BEGIN TRANSACTION", cancel).ConfigureAwait(false);
                await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {Name(options.Schema)}", cancel).ConfigureAwait(false);
                await RunAsync(connection, $"CREATE TABLE IF NOT EXISTS {loads} (run_id VARCHAR PRIMARY KEY, \"table\" VARCHAR, \"rows\" BIGINT, loaded_at TIMESTAMP WITH TIME ZONE)", cancel).ConfigureAwait(false);
                // Tables of earlier versions have no such columns.
                foreach (var count in Counts) await RunAsync(connection, $"ALTER TABLE {loads} ADD COLUMN IF NOT EXISTS {count} BIGINT", cancel).ConfigureAwait(false);
                var (rows, changes) = await FindAsync(connection, run, cancel).ConfigureAwait(false) ?? await LoadAsync(connection, run, [.. receipts.SelectMany(r => r.Files)], cancel).ConfigureAwait(false);
                await RunAsync(connection, "COMMIT", cancel).ConfigureAwait(false);
                return new LoadReceipt($"{database}:{options.Schema}.{options.Table}", run.RunId, rows, $"duckdb {database} 'SELECT * FROM {table} LIMIT 10'", changes);
            }
            catch (DuckDBException e)
            {
                throw new ServiceException($"DuckDB did not load {options.Schema}.{options.Table} in {database}, and the table is as it was: {FirstLine(e)}", transient: false, e);
            }
        }
    }

    private async ValueTask<(long Rows, RowChanges? Changes)> LoadAsync(DuckDBConnection connection, RunManifest run, StagedFile[] files, CancellationToken cancel)
    {
        var columns = string.Join(", ", run.Schema.Columns.Select(c => $"{Name(c.Name)} {Of(c.Type)}{(c.Nullable ? "" : " NOT NULL")}"));
        if (options.Write == WriteDisposition.Replace)
            await RunAsync(connection, $"DROP TABLE IF EXISTS {table}", cancel).ConfigureAwait(false);
        await RunAsync(connection, $"CREATE TABLE IF NOT EXISTS {table} ({columns})", cancel).ConfigureAwait(false);
        foreach (var column in MissingColumns(run.Schema, await ColumnsAsync(connection, cancel).ConfigureAwait(false)))
            await RunAsync(connection, $"ALTER TABLE {table} ADD COLUMN {Name(column.Name)} {Of(column.Type)}", cancel).ConfigureAwait(false);

        var write = new DuckDbWrite(connection, table, run, options);
        var (rows, changes) = options.Write == WriteDisposition.Merge ? await write.MergeAsync(files, cancel).ConfigureAwait(false)
            : run.Replaces is { Count: > 0 } ? await write.ReplaceObjectsAsync(files, cancel).ConfigureAwait(false)
            : (await write.InsertAsync(files, cancel).ConfigureAwait(false), null);
        var now = context.Time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        await RunAsync(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {loads} (run_id, \"table\", \"rows\", loaded_at, {string.Join(", ", Counts)}) VALUES ({Literal(run.RunId)}, {Literal(options.Table)}, {rows}, {Literal(now)}, {(changes is null ? "NULL, NULL, NULL" : $"{changes.Inserted}, {changes.Updated}, {changes.Deleted}")})"),
            cancel).ConfigureAwait(false);
        return (rows, changes);
    }

    /// <summary>What an earlier commit of the run did, or null.</summary>
    private async ValueTask<(long Rows, RowChanges? Changes)?> FindAsync(DuckDBConnection connection, RunManifest run, CancellationToken cancel)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT \"rows\", {string.Join(", ", Counts)} FROM {loads} WHERE run_id = {Literal(run.RunId)}";
        var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        return await reader.ReadAsync(cancel).ConfigureAwait(false)
            ? (reader.GetInt64(0), await reader.IsDBNullAsync(1, cancel).ConfigureAwait(false) ? null : new RowChanges(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)))
            : null;
    }

    /// <summary>The columns the table lacks, once those it has are known to fit.</summary>
    private List<Column> MissingColumns(TableSchema schema, Dictionary<string, string> existing)
    {
        var missing = new List<Column>();
        if (existing.Count == 0 || options.Write == WriteDisposition.Replace)
            return missing;
        foreach (var column in schema.Columns)
            if (!existing.TryGetValue(column.Name, out var type))
                missing.Add(column);
            else if (type != Of(column.Type))
                throw new DataException(
                    $"Column {column.Name} is {type} in {options.Schema}.{options.Table} of {database}, but {column.Type.SqlName()} ({Of(column.Type)}) in this run. Declare it as the table has it, or set write to replace.");
        return missing;
    }

    private async ValueTask<Dictionary<string, string>> ColumnsAsync(DuckDBConnection connection, CancellationToken cancel)
    {
        var columns = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = current_database() AND lower(schema_name) = lower({Literal(options.Schema)}) AND lower(table_name) = lower({Literal(options.Table)}) ORDER BY column_index";
        var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            while (await reader.ReadAsync(cancel).ConfigureAwait(false))
                columns[reader.GetString(0)] = reader.GetString(1);
        return columns;
    }

    private async ValueTask<DuckDBConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new DuckDBConnection($"DataSource={database}");
        try
        {
            await connection.OpenAsync(cancel).ConfigureAwait(false);
            return connection;
        }
        catch (DuckDBException e)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw e.Message.Contains("lock", StringComparison.OrdinalIgnoreCase)
                ? new ServiceException($"{database} is open in another process, and DuckDB lets only one write. Close it there and run again: what is staged stays.", transient: true, e)
                : new ServiceException($"{database} could not be opened: {FirstLine(e)}", transient: false, e);
        }
    }

    private static async ValueTask<long> RunAsync(DuckDBConnection connection, string sql, CancellationToken cancel)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>What DuckDB says, but for conversions, whose message quotes the value.</summary>
    private static string FirstLine(DuckDBException e) => e.Message.StartsWith("Conversion Error", StringComparison.Ordinal)
        ? "a value could not be converted to its column's type."
        : e.Message.Split('\n')[0];
}
