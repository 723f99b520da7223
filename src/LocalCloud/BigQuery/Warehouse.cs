using DuckDB.NET.Data;

namespace Etl.LocalCloud.BigQuery;

/// <summary>The DuckDB database behind the local BigQuery. One user at a time: jobs queue, as slots do.</summary>
internal sealed class Warehouse(string folder) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private DuckDBConnection? connection;

    /// <summary>Uses the database; everything that <paramref name="work"/> does is one transaction.</summary>
    public Task<T> UseAsync<T>(Func<DuckDBConnection, T> work, CancellationToken cancel) => UseAsync(work, _ => { }, cancel);

    /// <summary>The same, with <paramref name="after"/> done when the transaction is, and before anybody else uses the database.</summary>
    public async Task<T> UseAsync<T>(Func<DuckDBConnection, T> work, Action<T> after, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var open = connection ??= Open();
            var transaction = await open.BeginTransactionAsync(cancel).ConfigureAwait(false);
            await using var _ = transaction.ConfigureAwait(false);
            // DuckDB works on the calling thread.
            var result = await Task.Run(() => work(open), CancellationToken.None).ConfigureAwait(false);
            // Once the work is done nobody may call it off: the catalog already tells of it.
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            after(result);
            return result;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public static long Execute(DuckDBConnection open, string sql)
    {
        using var command = open.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    /// <summary>A query's rows, each value as its .NET object or null.</summary>
    public static List<object?[]> Query(DuckDBConnection open, string sql)
    {
        using var command = open.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A query's columns: name and DuckDB type.</summary>
    public static IReadOnlyList<(string Name, string Type)> Describe(DuckDBConnection open, string sql) =>
        [.. Query(open, "DESCRIBE " + sql).Select(row => ((string)row[0]!, (string)row[1]!))];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
        turn.Dispose();
    }

    private DuckDBConnection Open()
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "warehouse.duckdb");
        var opened = new DuckDBConnection($"Data Source={path}");
        try
        {
            opened.Open();
            Execute(opened, "SET TimeZone = 'UTC'");
            // It shares the process with the run that --local watches; what does not fit goes to disk.
            Execute(opened, "SET memory_limit = '128MB'");
            Execute(opened, "SET threads = 1");
            Execute(opened, "SET preserve_insertion_order = false");
            return opened;
        }
        catch (DuckDBException e)
        {
            opened.Dispose();
            throw new BigQueryRefusedException(503, "backendError", e.Message.Contains("lock", StringComparison.OrdinalIgnoreCase)
                ? $"Another process has the local BigQuery open ({path}). Let it end, or use another --local-folder."
                : $"The local BigQuery cannot open {path}: {e.Message}");
        }
    }
}
