using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Npgsql;
using static Etl.Connectors.Postgres.PostgresTypes;

namespace Etl.Connectors.Postgres;

/// <summary>The target table: what it is, and what has to be altered before a run's rows go in.</summary>
internal sealed class PostgresTable(PostgresSinkOptions options)
{
    /// <summary>Its name, quoted.</summary>
    public string Quoted { get; } = $"{Name(options.Schema)}.{Name(options.Table)}";

    /// <summary>The schema's name, quoted.</summary>
    public string Schema { get; } = Name(options.Schema);

    /// <summary>The schema's name.</summary>
    public string SchemaName => options.Schema;

    /// <summary>The table's own name.</summary>
    public string Table => options.Table;

    private string Target => $"{options.Schema}.{options.Table} of {options.Database}";

    /// <summary>The table as it is.</summary>
    public async ValueTask<TargetTable> DescribeAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        const string Sql = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull AND a.attidentity = '' AND NOT a.atthasdef, a.attgenerated <> '' OR a.attidentity = 'a', c.relkind::text
            FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """;
        var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = options.Schema }, new() { Value = options.Table } } };
        await using var _ = command.ConfigureAwait(false);
        var columns = new List<TargetColumn>();
        var reader = await command.ExecuteReaderAsync(cancel).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancel).ConfigureAwait(false))
        {
            if (reader.GetString(4) is not ("r" or "p")) throw new DataException($"{Target} is a view or a foreign table, into which rows are not copied. Name a table.");
            var type = reader.GetString(1).Replace(", ", ",", StringComparison.Ordinal);
            // What the server fills in itself takes nothing.
            columns.Add(reader.GetBoolean(3) ? new TargetColumn(reader.GetString(0), type + " (filled in by the server)", [], [], Required: false) : Column(reader.GetString(0), type, reader.GetBoolean(2)));
        }

        return new TargetTable(Target, columns.Count == 0 ? null : columns);
    }

    /// <summary>What is to be altered so that the table takes the columns, once those it has are known to fit.</summary>
    /// <exception cref="DataException">A column does not fit, and its contract does not let it change.</exception>
    public IReadOnlyList<string> Changes(TableSchema schema, TargetTable there)
    {
        var changes = new List<string>();
        foreach (var column in there.Columns is null ? [] : schema.Columns)
        {
            var evolves = column.Contract == SchemaContract.Evolve;
            if (there.Find(column.Name) is not { } old)
            {
                changes.Add($"ADD COLUMN {Name(column.Name)} {Of(column.Type)}");
                continue;
            }

            if (!old.Types.Contains(column.Type))
            {
                if (!evolves || !old.WidensTo.Contains(column.Type))
                    throw new DataException($"Column {column.Name} is {old.TypeName} in {Target}, but {column.Type.SqlName()} ({Of(column.Type)}) in this run. Declare it as the table has it, or set write to replace.");
                changes.Add($"ALTER COLUMN {Name(old.Name)} TYPE {Of(column.Type)}");
            }

            if (old.Required && column.Nullable)
            {
                if (!evolves) throw new DataException($"Column {column.Name} must have a value in {Target}, and may be missing in this run. Declare it with nullable: false.");
                changes.Add($"ALTER COLUMN {Name(old.Name)} DROP NOT NULL");
            }
        }

        return changes;
    }

    /// <summary>Makes or alters the table, inside the load's transaction, and lets nobody else write it until that ends.</summary>
    public async ValueTask PrepareAsync(NpgsqlConnection connection, TableSchema schema, CancellationToken cancel)
    {
        var there = await DescribeAsync(connection, cancel).ConfigureAwait(false);
        if (there.Columns is null)
        {
            await connection.RunAsync($"CREATE TABLE {Quoted} ({string.Join(", ", schema.Columns.Select(c => $"{Name(c.Name)} {Of(c.Type)}{(c.Nullable ? "" : " NOT NULL")}"))})", cancel).ConfigureAwait(false);
            return;
        }

        if (options.Write == WriteDisposition.Replace)
        {
            await connection.RunAsync($"TRUNCATE TABLE {Quoted}", cancel).ConfigureAwait(false);
            await AlterAsync(connection, Anew(schema, there), cancel).ConfigureAwait(false);
            return;
        }

        await connection.RunAsync($"LOCK TABLE {Quoted} IN SHARE ROW EXCLUSIVE MODE", cancel).ConfigureAwait(false);
        await AlterAsync(connection, Changes(schema, await DescribeAsync(connection, cancel).ConfigureAwait(false)), cancel).ConfigureAwait(false);
    }

    // An empty table takes the run's columns; it is altered, not dropped, so that grants, indexes and views on columns that stay are kept.
    private static IReadOnlyList<string> Anew(TableSchema schema, TargetTable there) =>
    [
        .. there.Columns!.Where(old => schema.IndexOf(old.Name) < 0).Select(old => $"DROP COLUMN {Name(old.Name)}"),
        .. schema.Columns.SelectMany(column => there.Find(column.Name) switch
        {
            null => [$"ADD COLUMN {Name(column.Name)} {Of(column.Type)}{(column.Nullable ? "" : " NOT NULL")}"],
            var old => (string[])
            [
                .. old.Types.Contains(column.Type) ? (string[])[] : [$"ALTER COLUMN {Name(old.Name)} TYPE {Of(column.Type)} USING NULL"],
                .. old.Required && column.Nullable ? (string[])[$"ALTER COLUMN {Name(old.Name)} DROP NOT NULL"] : [],
            ],
        }),
    ];

    private async ValueTask AlterAsync(NpgsqlConnection connection, IReadOnlyList<string> changes, CancellationToken cancel)
    {
        if (changes.Count > 0) await connection.RunAsync($"ALTER TABLE {Quoted} {string.Join(", ", changes)}", cancel).ConfigureAwait(false);
    }
}
