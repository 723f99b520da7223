using System.Globalization;
using DuckDB.NET.Data;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Merging;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using static Etl.Connectors.Local.DuckDb.DuckDbTypes;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>
/// A table in a DuckDB database file. Rows and the note that a run was loaded (in <c>_etl_loads</c>) are one transaction, so a run is loaded once however often it is asked for.
/// </summary>
public sealed class DuckDbSink(DuckDbOptions options, ConnectorContext context) : ILoadSink, IDescribedTable, IStagedRows
{
    private static readonly string[] Counts = ["inserted", "updated", "deleted"];
    private readonly string database = Path.GetFullPath(options.Database, context.Folder);
    private readonly string table = $"{Name(options.Schema)}.{Name(options.Table)}";
    private readonly string loads = $"{Name(options.Schema)}._etl_loads";

    /// <inheritdoc/>
    public LoadTerms Terms { get; } = new(options.Write) { Key = options.Key };

    /// <inheritdoc/>
    public SqlDialect Dialect { get; } = new(Name, Literal, Of);

    private string Target => $"{options.Schema}.{options.Table} of {database}";

    /// <inheritdoc/>
    public async ValueTask<TargetTable> DescribeAsync(CancellationToken cancel)
    {
        if (!File.Exists(database))
            return new TargetTable(Target, null);
        var connection = await OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
            return await DescribeAsync(connection, cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(RunManifest run, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(run);
        CheckFormat(run);
        MergeCheck.Check(run.Schema, options);
        if (!File.Exists(database))
            return;
        var connection = await OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var there = await DescribeAsync(connection, cancel).ConfigureAwait(false);
            Changes(run.Schema, there);
            foreach (var column in options.Write == WriteDisposition.Replace ? [] : run.Schema.Columns.Where(c => c.Type == ColumnType.Float64))
                if (there.Find(column.Name) is { TypeName: not "DOUBLE" } old
                    && await ScalarAsync(connection, $"SELECT count(*) FROM {table} WHERE {Name(old.Name)}::DOUBLE::DECIMAL(38,9) <> {Name(old.Name)}", cancel).ConfigureAwait(false) is > 0 and var rounded)
                    throw new DataException($"{old.Name} is {old.TypeName} in {Target} and FLOAT64 in the data, and {rounded:N0} values of the table would be rounded as FLOAT64. Declare a type that keeps them under csv: columns ({{ name: {old.Name}, type: NUMERIC }}, or STRING, for which a new column is made).");
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<long>> CountAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, StagedQuery query, CancellationToken cancel)
    {
        CheckFormat(run);
        StagedFile[] files = [.. receipts.SelectMany(r => r.Files)];
        var connection = new DuckDBConnection("DataSource=:memory:");
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await connection.OpenAsync(cancel).ConfigureAwait(false);
                await RunAsync(connection, "SET TimeZone='UTC'", cancel).ConfigureAwait(false);
                using var command = connection.CreateCommand();
                command.CommandText = $"WITH staged AS ({(files.Length == 0 ? Dialect.NoRows(run.Schema) : $"SELECT * FROM {Read(run, files)}")})\n{query.Sql}";
                var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    await reader.ReadAsync(cancel).ConfigureAwait(false);
                    return [.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture))];
                }
            }
            catch (DuckDBException e)
            {
                throw new DataException($"DuckDB could not query the staged rows: {FirstLine(e)}", e);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        CheckFormat(run);
        Directory.CreateDirectory(Path.GetDirectoryName(database)!);
        var connection = await OpenAsync(cancel).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                await RunAsync(connection, "SET TimeZone='UTC'", cancel).ConfigureAwait(false);
                await RunAsync(connection, "BEGIN TRANSACTION", cancel).ConfigureAwait(false);
                await RunAsync(connection, $"CREATE SCHEMA IF NOT EXISTS {Name(options.Schema)}", cancel).ConfigureAwait(false);
                await RunAsync(connection, $"CREATE TABLE IF NOT EXISTS {loads} (run_id VARCHAR PRIMARY KEY, \"table\" VARCHAR, \"rows\" BIGINT, loaded_at TIMESTAMP WITH TIME ZONE, {string.Join(", ", Counts.Select(c => c + " BIGINT"))})", cancel).ConfigureAwait(false);
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
        foreach (var change in Changes(run.Schema, await DescribeAsync(connection, cancel).ConfigureAwait(false)))
            await RunAsync(connection, $"ALTER TABLE {table} {change}", cancel).ConfigureAwait(false);

        var write = new DuckDbWrite(connection, Dialect, table, run, options);
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

    /// <summary>What is to be altered so that the table takes the columns, once those it has are known to fit: part of the load's transaction.</summary>
    /// <exception cref="DataException">A column does not fit, and its contract does not let it change.</exception>
    private List<string> Changes(TableSchema schema, TargetTable there)
    {
        var changes = new List<string>();
        if (there.Columns is null || options.Write == WriteDisposition.Replace)
            return changes;
        foreach (var column in schema.Columns)
        {
            var evolves = column.Contract == SchemaContract.Evolve;
            if (there.Find(column.Name) is not { } old)
            {
                changes.Add($"ADD COLUMN {Name(column.Name)} {Of(column.Type)}");
                continue;
            }

            if (old.TypeName != Of(column.Type) && !(evolves && old.WidensTo.Contains(column.Type)))
                throw new DataException(
                    $"Column {column.Name} is {old.TypeName} in {Target}, but {column.Type.SqlName()} ({Of(column.Type)}) in this run. Declare it as the table has it, or set write to replace.");
            if (old.Required && column.Nullable && !evolves)
                throw new DataException($"Column {column.Name} must have a value in {Target}, and may be missing in this run. Declare it with nullable: false.");
            if (old.TypeName != Of(column.Type))
                changes.Add($"ALTER COLUMN {Name(old.Name)} TYPE {Of(column.Type)}");
            if (old.Required && column.Nullable)
                changes.Add($"ALTER COLUMN {Name(old.Name)} DROP NOT NULL");
        }

        return changes;
    }

    private static void CheckFormat(RunManifest run)
    {
        if (run.Encoding.Format == StagingFormat.Passthrough)
            throw new DataException("DuckDB loads staged parquet, csv and ndjson, not the source's own bytes. Change format under sinks: file.");
        if (run.Encoding.Format == StagingFormat.Parquet && run.Schema.Columns.FirstOrDefault(c => c.Type == ColumnType.BigNumeric) is { } big)
            throw new DataException($"DuckDB reads a BIGNUMERIC column from Parquet as a double and would round {big.Name}. Set format to csv or ndjson under sinks: file, or give the column another type.");
    }

    private async ValueTask<TargetTable> DescribeAsync(DuckDBConnection connection, CancellationToken cancel)
    {
        var columns = new List<TargetColumn>();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE database_name = current_database() AND lower(schema_name) = lower({Literal(options.Schema)}) AND lower(table_name) = lower({Literal(options.Table)}) ORDER BY column_index";
        var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            while (await reader.ReadAsync(cancel).ConfigureAwait(false))
                columns.Add(DuckDbTypes.Column(reader.GetString(0), reader.GetString(1), required: !reader.GetBoolean(2)));
        return new TargetTable(Target, columns.Count == 0 ? null : columns);
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

    private static async ValueTask<long?> ScalarAsync(DuckDBConnection connection, string sql, CancellationToken cancel)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false) as long?;
    }

    /// <summary>What DuckDB says, but for conversions, whose message quotes the value.</summary>
    private static string FirstLine(DuckDBException e) => e.Message.StartsWith("Conversion Error", StringComparison.Ordinal)
        ? "a value could not be converted to its column's type."
        : e.Message.Split('\n')[0];
}
