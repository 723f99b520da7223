using System.Globalization;
using DuckDB.NET.Data;
using Etl.Core.Contracts;
using Etl.Core.Merging;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using static Etl.Connectors.Local.DuckDb.DuckDbTypes;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>Brings a run's rows into the table, inside the caller's transaction.</summary>
internal sealed class DuckDbWrite(DuckDBConnection connection, SqlDialect dialect, string table, RunManifest run, DuckDbOptions options)
{
    private const string Incoming = "_etl_incoming";

    /// <summary>Adds them.</summary>
    /// <returns>How many.</returns>
    public Task<long> InsertAsync(StagedFile[] files, CancellationToken cancel)
    {
        var names = string.Join(", ", run.Schema.Columns.Select(c => Name(c.Name)));
        return files.Length == 0 ? Task.FromResult(0L) : RunAsync($"INSERT INTO {table} ({names}) SELECT {names} FROM {Read(run, files)}", cancel);
    }

    /// <summary>Puts them in the place of the rows of the objects that changed.</summary>
    public async Task<(long Rows, RowChanges? Changes)> ReplaceObjectsAsync(StagedFile[] files, CancellationToken cancel)
    {
        var name = run.Schema.Find(RowOrigin.Object)!.Name;
        var unknown = Literal($"the table has rows without a value in {name}, and the rows of objects that changed cannot be told from them. Fill it in for them, or remove them, and run again");
        var deleted = await RunAsync($"DELETE FROM {table} WHERE IF({Name(name)} IS NULL, error({unknown}), {Name(name)} IN ({string.Join(", ", run.Replaces!.Select(Literal))}))", cancel).ConfigureAwait(false);
        var rows = await InsertAsync(files, cancel).ConfigureAwait(false);
        return (rows, new RowChanges(rows, 0, deleted));
    }

    /// <summary>Merges them by key.</summary>
    public async Task<(long Rows, RowChanges? Changes)> MergeAsync(StagedFile[] files, CancellationToken cancel)
    {
        if (files.Length == 0) return (0, new RowChanges(0, 0, 0));
        // Read once, so that the rows that are counted are those that are merged.
        var columns = string.Join(", ", run.Schema.Columns.Select(c => $"CAST({Name(c.Name)} AS {Of(c.Type)}) AS {Name(c.Name)}"));
        await RunAsync($"CREATE OR REPLACE TEMP TABLE {Incoming} AS SELECT {columns} FROM {Read(run, files)}", cancel).ConfigureAwait(false);
        var rows = (await QueryAsync($"SELECT count(*)::VARCHAR FROM {Incoming}", cancel).ConfigureAwait(false)).Keys.Single();
        var done = await QueryAsync(MergeStatement.Write(dialect, table, Incoming, run.Schema, options) + "\nRETURNING merge_action", cancel).ConfigureAwait(false);
        await RunAsync($"DROP TABLE {Incoming}", cancel).ConfigureAwait(false);
        return (long.Parse(rows, CultureInfo.InvariantCulture), new RowChanges(done.GetValueOrDefault("INSERT"), done.GetValueOrDefault("UPDATE"), done.GetValueOrDefault("DELETE")));
    }

    private async Task<long> RunAsync(string sql, CancellationToken cancel)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(cancel).ConfigureAwait(false);
    }

    // The texts of the first column, and how often each comes.
    private async Task<Dictionary<string, long>> QueryAsync(string sql, CancellationToken cancel)
    {
        var texts = new Dictionary<string, long>();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        await using var _ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancel).ConfigureAwait(false)) texts[reader.GetString(0)] = texts.GetValueOrDefault(reader.GetString(0)) + 1;
        return texts;
    }
}
