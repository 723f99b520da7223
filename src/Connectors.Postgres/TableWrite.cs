using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Npgsql;
using static Etl.Connectors.Postgres.PostgresTypes;

namespace Etl.Connectors.Postgres;

/// <summary>Brings the incoming rows into the table, inside the load's transaction.</summary>
internal sealed class TableWrite(NpgsqlConnection connection, PostgresTable table, RunManifest run, PostgresSinkOptions options)
{
    private const string Latest = "pg_temp._etl_latest";
    private IReadOnlyDictionary<string, TargetColumn> columns = new Dictionary<string, TargetColumn>();

    /// <summary>Adds them, merges them, or puts them in the place of others.</summary>
    /// <returns>What became of the table's rows, where more than adding or replacing all was done.</returns>
    public async Task<RowChanges?> WriteAsync(long rows, CancellationToken cancel)
    {
        var there = await table.DescribeAsync(connection, cancel).ConfigureAwait(false);
        columns = run.Schema.Columns.ToDictionary(c => c.Name, c => there.Find(c.Name)!);
        await CheckDigitsAsync(cancel).ConfigureAwait(false);
        if (options.Write == WriteDisposition.Merge) return await MergeAsync(cancel).ConfigureAwait(false);
        long? deleted = run.Replaces is { Count: > 0 } ? await DeleteObjectsAsync(cancel).ConfigureAwait(false) : null;
        await connection.RunAsync($"INSERT INTO {table.Quoted} ({Names()}) SELECT {Values("s.")} FROM {IncomingRows.Table} s", cancel).ConfigureAwait(false);
        return deleted is null ? null : new RowChanges(rows, 0, deleted.Value);
    }

    // The server would round what has more digits after the point than the column.
    private async Task CheckDigitsAsync(CancellationToken cancel)
    {
        foreach (var (name, column) in columns)
            if (Digits(column.TypeName) is (_, var fraction) && await connection.AnyAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT 1 FROM {IncomingRows.Table} WHERE {Name(name)} <> round({Name(name)}, {fraction}) LIMIT 1"), cancel).ConfigureAwait(false))
                throw new DataException($"{name} has values with more digits after the point than {column.TypeName} keeps, and PostgreSQL would round them. Nothing was loaded. Give the column more digits (ALTER TABLE {table.Quoted} ALTER COLUMN {Name(column.Name)} TYPE numeric), or round them in a transform.");
    }

    private async Task<long> DeleteObjectsAsync(CancellationToken cancel)
    {
        var name = Name(columns[run.Schema.Find(RowOrigin.Object)!.Name].Name);
        if (await connection.AnyAsync($"SELECT 1 FROM {table.Quoted} WHERE {name} IS NULL LIMIT 1", cancel).ConfigureAwait(false))
            throw new DataException($"The table has rows without a value in {name}, and the rows of objects that changed cannot be told from them. Fill it in for them, or remove them, and run again.");
        return await connection.RunAsync($"DELETE FROM {table.Quoted} WHERE {name} IN ({string.Join(", ", run.Replaces!.Select(Literal))})", cancel).ConfigureAwait(false);
    }

    private async Task<RowChanges> MergeAsync(CancellationToken cancel)
    {
        await MakeLatestAsync(cancel).ConfigureAwait(false);
        var same = string.Join(" AND ", options.Key.Select(Spelled).Select(k => $"t.{Name(columns[k].Name)} = {Value(k, "s.")}"));
        var newer = options.LatestBy is { } by ? $" AND (t.{Name(columns[Spelled(by)].Name)} IS NULL OR {Ordered("s." + Name(Spelled(by)), Spelled(by))} >= {Ordered("t." + Name(columns[Spelled(by)].Name), Spelled(by))})" : "";
        var gone = options.HardDelete is { } delete ? Deleted(delete) : "FALSE";
        var set = string.Join(", ", run.Schema.Columns.Where(c => !options.Key.Contains(c.Name, StringComparer.OrdinalIgnoreCase)).Select(c => $"{Name(columns[c.Name].Name)} = {Value(c.Name, "s.")}"));
        var deleted = options.HardDelete is null ? 0 : await connection.RunAsync($"DELETE FROM {table.Quoted} t USING {Latest} s WHERE {same}{newer} AND {gone}", cancel).ConfigureAwait(false);
        var updated = set.Length == 0 ? 0 : await connection.RunAsync($"UPDATE {table.Quoted} t SET {set} FROM {Latest} s WHERE {same}{newer} AND NOT {gone}", cancel).ConfigureAwait(false);
        var inserted = await connection.RunAsync($"INSERT INTO {table.Quoted} ({Names()}) SELECT {Values("s.")} FROM {Latest} s WHERE NOT {gone} AND NOT EXISTS (SELECT 1 FROM {table.Quoted} t WHERE {same})", cancel).ConfigureAwait(false);
        return new RowChanges(inserted, updated, deleted);
    }

    // One row a key. Rows that are equally late are told apart by their values, so that the same rows always give the same table.
    private async Task MakeLatestAsync(CancellationToken cancel)
    {
        var key = string.Join(", ", options.Key.Select(k => Name(Spelled(k))));
        if (options.LatestBy is null && await connection.AnyAsync($"SELECT 1 FROM {IncomingRows.Table} GROUP BY {key} HAVING count(*) > 1 LIMIT 1", cancel).ConfigureAwait(false))
            throw new DataException("A key comes more than once in this run, and nothing says which row wins: set latest_by to the column by which the latest is known. Nothing was merged.");
        var order = new[] { options.LatestBy }.OfType<string>().Select(Spelled).Concat(run.Schema.Columns.Select(c => c.Name)).Distinct().Select(c => $"{Ordered(Name(c), c)} DESC NULLS LAST");
        await connection.RunAsync($"CREATE TEMPORARY TABLE _etl_latest ON COMMIT DROP AS SELECT {string.Join(", ", run.Schema.Columns.Select(c => Name(c.Name)))} FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY {string.Join(", ", order)}) AS _etl_n FROM {IncomingRows.Table}) r WHERE _etl_n = 1", cancel).ConfigureAwait(false);
    }

    private string Deleted(HardDeleteOptions delete)
    {
        var name = Spelled(delete.Column);
        var column = "s." + Name(name);
        return run.Schema.Columns[run.Schema.IndexOf(name)].Type switch
        {
            ColumnType.Bool => $"COALESCE({column}, FALSE)",
            ColumnType.String => $"COALESCE({column} IN ({string.Join(", ", delete.Values.Select(Literal))}), FALSE)",
            ColumnType.Int64 => $"COALESCE({column} IN ({string.Join(", ", delete.Values.Select(v => long.Parse(v, CultureInfo.InvariantCulture)))}), FALSE)",
            _ => $"({column} IS NOT NULL)",
        };
    }

    // By bytes, as BigQuery compares texts, whatever the database's collation.
    private string Ordered(string value, string name) => run.Schema.Columns[run.Schema.IndexOf(name)].Type == ColumnType.String ? $"({value})::text COLLATE \"C\"" : value;

    // The run's own spelling of a column that an option names.
    private string Spelled(string name) => run.Schema.Columns[run.Schema.IndexOf(name)].Name;

    private string Names() => string.Join(", ", run.Schema.Columns.Select(c => Name(columns[c.Name].Name)));

    private string Values(string prefix) => string.Join(", ", run.Schema.Columns.Select(c => Value(c.Name, prefix)));

    private string Value(string name, string prefix) => Cast(prefix + Name(name), columns[name].TypeName);
}
