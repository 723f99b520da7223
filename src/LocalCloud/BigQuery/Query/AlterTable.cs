using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Etl.LocalCloud.BigQuery.Catalog;
using Etl.LocalCloud.BigQuery.Types;
using Etl.LocalCloud.Faults.Effects;

namespace Etl.LocalCloud.BigQuery.Query;

/// <summary><c>ALTER TABLE</c> of columns: add one, give one a wider type, drop NOT NULL (https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#alter_table_add_column_statement and what follows it there).</summary>
internal sealed class AlterTable
{
    private readonly TableName table;
    private readonly List<Func<IReadOnlyList<Field>, IReadOnlyList<Field>>> actions = [];

    private AlterTable(TableName table) => this.table = table;

    /// <summary>The statement; null when it is another one.</summary>
    /// <exception cref="BigQueryRefusedException">It is one that the local BigQuery does not know.</exception>
    public static AlterTable? Parse(string project, JsonObject query)
    {
        var reader = new SqlReader((string?)query["query"] ?? "");
        if (!reader.Take("ALTER") || !reader.Take("TABLE")) return null;
        reader.Take("IF", "EXISTS");
        var name = reader.Path();
        var alter = new AlterTable(name.Split('.') switch
        {
            [var p, var d, var t] => new TableName(p, d, t),
            [var d, var t] => new TableName(project, d, t),
            [var t] when (string?)query["defaultDataset"]?["datasetId"] is { } dataset => new TableName((string?)query["defaultDataset"]?["projectId"] ?? project, dataset, t),
            _ => throw BigQueryRefusedException.InvalidQuery($"Table \"{name}\" must be qualified with a dataset (e.g. dataset.table)."),
        });
        do alter.actions.Add(alter.Action(reader));
        while (reader.TakeSymbol(","));
        reader.TakeSymbol(";");
        reader.End();
        return alter;
    }

    /// <summary>Whether it could be run.</summary>
    public void Check(TableCatalog catalog) => After(TableCatalog.Fields(catalog.RequireTable(table)));

    /// <summary>Runs it and returns its statistics. The catalog is written last: a process that is stopped before that leaves a table that the same statement finds again as it was.</summary>
    public async Task<JsonObject> RunAsync(TableCatalog catalog, Warehouse warehouse, JobFailure? failure, CancellationToken cancel)
    {
        await warehouse.UseAsync(
            open =>
            {
                // Looked at when the warehouse is ours: statements on one table take turns.
                var resource = catalog.RequireTable(table).DeepClone().AsObject();
                var before = TableCatalog.Fields(resource);
                var after = After(before);
                TablesApi.AddColumns(open, table, before, [.. after.Where(a => !before.Any(b => Same(a, b)))]);
                foreach (var (old, now) in before.Join(after, b => b.Name, a => a.Name, (b, a) => (b, a), StringComparer.OrdinalIgnoreCase))
                    if (old.Type != now.Type) SetType(open, old, now.Type);
                if (failure is not null) throw failure.Refusal();
                resource["schema"] = Field.ToSchema(after);
                return resource;
            },
            resource => catalog.Save(table, resource),
            cancel).ConfigureAwait(false);
        return new JsonObject { ["statementType"] = "ALTER_TABLE", ["ddlOperationPerformed"] = "ALTER", ["ddlTargetTable"] = table.ToJson(), ["totalBytesProcessed"] = "0", ["cacheHit"] = false };
    }

    private IReadOnlyList<Field> After(IReadOnlyList<Field> fields) => actions.Aggregate(fields, (now, action) => action(now));

    private Func<IReadOnlyList<Field>, IReadOnlyList<Field>> Action(SqlReader reader)
    {
        if (reader.Take("ADD", "COLUMN"))
        {
            var unlessThere = reader.Take("IF", "NOT", "EXISTS");
            var added = new Field(reader.Name(), FieldTypes.Parse(reader.Name(), "column"), reader.Take("NOT", "NULL"), null);
            return fields => Add(fields, added, unlessThere);
        }

        if (!reader.Take("ALTER", "COLUMN")) throw BigQueryRefusedException.InvalidQuery("The local BigQuery's ALTER TABLE knows ADD COLUMN and ALTER COLUMN.");
        var ifThere = reader.Take("IF", "EXISTS");
        var name = reader.Name();
        if (reader.Take("DROP", "NOT", "NULL")) return fields => Change(fields, name, ifThere, f => f with { Required = false });
        if (!reader.Take("SET", "DATA", "TYPE")) throw BigQueryRefusedException.InvalidQuery("The local BigQuery's ALTER COLUMN knows SET DATA TYPE and DROP NOT NULL.");
        var type = FieldTypes.Parse(reader.Name(), name);
        return fields => Change(fields, name, ifThere, f => Widened(f, type));
    }

    private IReadOnlyList<Field> Add(IReadOnlyList<Field> fields, Field added, bool unlessThere)
    {
        if (added.Required) throw BigQueryRefusedException.Invalid($"Cannot add required fields to an existing schema. (field: {added.Name})");
        if (!fields.Any(f => Same(f, added))) return Field.Parse(Field.ToSchema([.. fields, added]));
        return unlessThere ? fields : throw BigQueryRefusedException.InvalidQuery($"Column already exists: {added.Name} in {table}");
    }

    private IReadOnlyList<Field> Change(IReadOnlyList<Field> fields, string name, bool ifThere, Func<Field, Field> change)
    {
        if (!fields.Any(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return ifThere ? fields : throw BigQueryRefusedException.InvalidQuery($"Column not found: {name} in {table}");
        return [.. fields.Select(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? change(f) : f)];
    }

    private static Field Widened(Field field, FieldType type) =>
        field.Type == type || (field.Type, type) is (FieldType.Int64, FieldType.Numeric or FieldType.BigNumeric or FieldType.Float64) or (FieldType.Numeric, FieldType.BigNumeric or FieldType.Float64)
            ? field with { Type = type }
            : throw BigQueryRefusedException.InvalidQuery($"ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type ({field.Type.SqlName()}) is assignable to the new type ({type.SqlName()})");

    private void SetType(DuckDBConnection open, Field field, FieldType type)
    {
        var column = Sql.Name(field.Name);
        var text = $"{column}::VARCHAR";
        var value = type == FieldType.BigNumeric ? $"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END" : $"{column}::{type.DuckDb()}";
        Warehouse.Execute(open, $"ALTER TABLE {table.DuckDb} ALTER COLUMN {column} TYPE {type.DuckDb()} USING {value}");
    }

    private static bool Same(Field a, Field b) => a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase);
}
