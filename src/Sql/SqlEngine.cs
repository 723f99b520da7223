using Apache.Arrow;
using Apache.Arrow.C;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Etl.Core.Errors;
using Etl.Core.Schemas;

namespace Etl.Sql;

/// <summary>A DuckDB of its own in memory, which reaches no file and no network. Not for two threads at a time.</summary>
internal sealed unsafe class SqlEngine : IDisposable
{
    // One thread: splits are worked on side by side already, and rows keep their order. The scan of a stream leaves out what the optimizer hands down to it, so
    // there is none. Settings are locked last, so that a query cannot undo them.
    private static readonly string[] Settings =
    [
        "PRAGMA disable_optimizer", "SET threads = 1", "SET memory_limit = '512MB'", "SET TimeZone = 'UTC'", "SET enable_external_access = false", "SET autoinstall_known_extensions = false",
        "SET autoload_known_extensions = false", "SET lock_configuration = true",
    ];

    private readonly DuckDBConnection connection = new("DataSource=:memory:");
    private readonly string transform;
    private readonly Schema schema;

    /// <param name="transform">The transform's name, for errors.</param>
    /// <param name="input">The columns of <see cref="SqlBinding.Input"/>.</param>
    public SqlEngine(string transform, TableSchema input)
    {
        this.transform = transform;
        schema = new Schema(input.Columns.Select(c => new Field(c.Name, SqlTypes.In(c.Type), nullable: true)), metadata: null);
        connection.Open();
        foreach (var setting in Settings)
            Execute(setting);
    }

    /// <summary>Names and types of the columns that a query gives.</summary>
    /// <exception cref="DataException">The query is wrong.</exception>
    public List<(string Name, string Type)> Describe(string query) => WithInput(null, () => Rows($"DESCRIBE {query}", 0, 1));

    /// <summary>The query's physical plan as JSON.</summary>
    public string Plan(string query) => WithInput(null, () => Rows($"EXPLAIN (FORMAT json) {query}", 0, 1)[0].Item2);

    /// <summary>The query's answer about a batch, which it takes over.</summary>
    /// <exception cref="DataException">The query fails on the data.</exception>
    public RecordBatch Run(string query, RecordBatch batch, TableSchema output) => WithInput(batch, () => Query(query, output));

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private RecordBatch Query(string query, TableSchema output)
    {
        if (NativeMethods.Query.DuckDBQuery(connection.NativeConnection, query, out var result) != DuckDBState.Success)
        {
            var kind = NativeMethods.Query.DuckDBResultErrorType(ref result);
            var column = SqlErrors.ColumnIn(NativeMethods.Query.DuckDBResultError(ref result));
            NativeMethods.Query.DuckDBDestroyResult(ref result);
            throw SqlErrors.OnData(transform, kind, column);
        }

        using var options = NativeMethods.Arrow.DuckDBResultGetArrowOptions(ref result);
        try
        {
            return ArrowResult.Read(transform, result, options, output);
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    private T WithInput<T>(RecordBatch? batch, Func<T> use)
    {
        var stream = CArrowArrayStream.Create();
        using var given = batch is null ? null : ArrowInput.Of(batch, schema);
        try
        {
            CArrowArrayStreamExporter.ExportArrayStream(new OneBatch(schema, given), stream);
            if (DuckDbArrow.Scan(connection.NativeConnection, SqlBinding.Input, stream) != DuckDBState.Success)
                throw new InvalidOperationException("DuckDB did not take a batch.");
            return use();
        }
        finally
        {
            CArrowArrayStream.Free(stream);
        }
    }

    private List<(string, string)> Rows(string sql, int first, int second)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            var rows = new List<(string, string)>();
            while (reader.Read())
                rows.Add((reader.GetString(first), reader.GetString(second)));
            return rows;
        }
        catch (DuckDBException e)
        {
            throw SqlErrors.OnPlan(transform, e);
        }
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
