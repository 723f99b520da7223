using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Npgsql;

namespace Etl.Connectors.Postgres;

/// <summary>
/// A table or a query as one object of CSV text (UTF-8, a header, true and false in words). The rows are one snapshot, copied once a process to a temporary file; what pins them is the
/// SHA-256 of that text, so that rows that changed are another version, and a process that reads again and finds other bytes says so.
/// </summary>
public sealed class PostgresSource(PostgresSourceOptions options) : ISource, IAsyncDisposable
{
    private readonly PostgresConnection server = new(options);
    private readonly SemaphoreSlim gate = new(1, 1);
    private Spool? spool;

    private string Uri { get; } = $"postgres://{options.Host.Trim('/')}:{options.Port}/{options.Database}/{(options.Table is { } table ? $"{options.Schema ?? "public"}.{table}" : "query-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Query!)))[..12])}.csv";

    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var copy = await CopyAsync(cancel).ConfigureAwait(false);
        // Rows have no time of change; a run that is planned twice has to be the same run.
        yield return new SourceObject(Uri, copy.Version, copy.Length, DateTimeOffset.UnixEpoch);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(source);
        var copy = await CopyAsync(cancel).ConfigureAwait(false);
        if (copy.Version != source.Version) throw new ObjectChangedException(Uri);
        return copy.Open(range.Offset);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (spool is not null) await spool.DisposeAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    private async ValueTask<Spool> CopyAsync(CancellationToken cancel)
    {
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return spool ??= await ReadAsync(cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            throw server.Explain(e, "read from");
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<Spool> ReadAsync(CancellationToken cancel)
    {
        var connection = await server.OpenAsync(cancel).ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        await connection.RunAsync("SET TRANSACTION READ ONLY", cancel).ConfigureAwait(false);
        var query = options.Query?.Trim().TrimEnd(';') ?? $"SELECT * FROM {PostgresTypes.Name(options.Schema ?? "public")}.{PostgresTypes.Name(options.Table!)}";
        var columns = await ColumnsAsync(connection, query, cancel).ConfigureAwait(false);
        using var reader = await connection.BeginTextExportAsync($"COPY (SELECT {columns} FROM (\n{query}\n) AS q) TO STDOUT (FORMAT csv, HEADER true, ENCODING 'UTF8')", cancel).ConfigureAwait(false);
        return await Spool.WriteAsync(reader, cancel).ConfigureAwait(false);
    }

    // COPY writes true and false as t and f, which a reader of CSV takes for text.
    private static async Task<string> ColumnsAsync(NpgsqlConnection connection, string query, CancellationToken cancel)
    {
        var command = new NpgsqlCommand($"SELECT * FROM (\n{query}\n) AS q LIMIT 0", connection);
        await using var _ = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SchemaOnly, cancel).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        if (reader.FieldCount == 0) throw new DataException("The query has no column. Write one SELECT under postgres: query.");
        return string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(i =>
        {
            var name = PostgresTypes.Name(reader.GetName(i));
            return reader.GetDataTypeName(i) == "boolean" ? $"CAST(q.{name} AS text) AS {name}" : $"q.{name}";
        }));
    }
}
