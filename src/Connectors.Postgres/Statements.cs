using Npgsql;

namespace Etl.Connectors.Postgres;

/// <summary>Statements on an open connection.</summary>
internal static class Statements
{
    /// <summary>Runs a statement.</summary>
    /// <returns>The rows it inserted, updated or deleted; 0 for others.</returns>
    public static async Task<long> RunAsync(this NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        return Math.Max(0, await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>Whether a query returns a row.</summary>
    public static async Task<bool> AnyAsync(this NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(cancel).ConfigureAwait(false) is not null;
    }
}
