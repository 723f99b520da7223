using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Npgsql;
using static Etl.Connectors.Postgres.PostgresTypes;

namespace Etl.Connectors.Postgres;

/// <summary>A run's rows in a temporary table of the load's transaction: it is seen by nobody else, and gone with the transaction however that ends.</summary>
internal sealed class IncomingRows(NpgsqlConnection connection, TableSchema schema)
{
    /// <summary>The temporary table.</summary>
    public const string Table = "pg_temp._etl_incoming";

    /// <summary>Copies the staged files' rows into it.</summary>
    /// <returns>How many there are.</returns>
    public async Task<long> CopyAsync(StagedRows staged, IReadOnlyList<StagedFile> files, CancellationToken cancel)
    {
        await connection.RunAsync($"CREATE TEMPORARY TABLE _etl_incoming ({string.Join(", ", schema.Columns.Select(c => $"{Name(c.Name)} {Of(c.Type)}"))}) ON COMMIT DROP", cancel).ConfigureAwait(false);
        var copied = 0L;
        var server = await connection.BeginRawBinaryCopyAsync($"COPY {Table} ({string.Join(", ", schema.Columns.Select(c => Name(c.Name)))}) FROM STDIN (FORMAT BINARY)", cancel).ConfigureAwait(false);
        try
        {
            var buffer = new CopyBuffer();
            foreach (var file in files)
                await foreach (var batch in staged.ReadAsync(file, cancel).ConfigureAwait(false))
                    using (batch)
                    {
                        await CopyRows.WriteAsync(batch, schema, buffer, server, cancel).ConfigureAwait(false);
                        copied += batch.Length;
                    }

            await CopyRows.EndAsync(buffer, server, cancel).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await AbandonAsync(server).ConfigureAwait(false);
            throw;
        }

        await server.DisposeAsync().ConfigureAwait(false);
        return copied;
    }

    private static async Task AbandonAsync(NpgsqlRawCopyStream server)
    {
        try
        {
            await server.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or IOException or InvalidOperationException)
        {
            // The connection is gone, and the transaction with it.
        }
    }
}
