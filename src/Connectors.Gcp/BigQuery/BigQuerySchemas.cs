using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using ApiSchema = Etl.Connectors.Gcp.BigQuery.Client.Data.TableSchema;
using TableSchema = Etl.Core.Schemas.TableSchema;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>A run's columns beside a table's.</summary>
internal static class BigQuerySchemas
{
    private const string Required = "REQUIRED";
    private const string Nullable = "NULLABLE";

    /// <summary>The schema as the API writes it. With <paramref name="existing"/>, a column there keeps its spelling and its mode, unless the run's may be missing and may change it; a new one is nullable.</summary>
    public static ApiSchema ToApi(TableSchema schema, ApiSchema? existing = null) => new()
    {
        Fields = [.. schema.Columns.Select(c => new TableFieldSchema
        {
            Name = existing is not null && Find(existing, c.Name) is { } spelled ? spelled.Name : c.Name,
            Type = ApiName(c.Type),
            Mode = existing is null ? (c.Nullable ? Nullable : Required) : Find(existing, c.Name) is { } moded && !Relaxes(c, moded) ? moded.Mode : Nullable,
            Description = existing is not null && Find(existing, c.Name) is { } there ? there.Description : c.SourceName,
        })],
    };

    /// <exception cref="DataException">The columns cannot be appended to the table's.</exception>
    public static void CheckAppend(TableSchema schema, ApiSchema existing, string table)
    {
        foreach (var column in schema.Columns)
        {
            if (Find(existing, column.Name) is not { } there) continue;
            if (string.Equals(there.Mode, "REPEATED", StringComparison.OrdinalIgnoreCase) || (Canonical(there.Type) != column.Type.SqlName() && !Widens(column, there)))
                throw new DataException($"Column {column.Name} is {column.Type.SqlName()} in this run and {(there.Mode == "REPEATED" ? $"ARRAY<{Canonical(there.Type)}>" : Canonical(there.Type))} in the table {table}. Declare the table's type for it in the pipeline's schema, or load with `write: replace` or into another table.");
            if (IsRequired(there) && column.Nullable && !Relaxes(column, there))
                throw new DataException($"Column {column.Name} may be missing in this run and is REQUIRED in the table {table}. Declare it as required in the pipeline's schema, or run `ALTER TABLE {table} ALTER COLUMN {column.Name} DROP NOT NULL`.");
        }
        foreach (var there in existing.Fields ?? [])
            if (IsRequired(there) && schema.IndexOf(there.Name!) < 0)
                throw new DataException($"The table {table} has the REQUIRED column {there.Name}, which this run does not have. Add the column to the data, or run `ALTER TABLE {table} ALTER COLUMN {there.Name} DROP NOT NULL`.");
    }

    /// <summary>What the load has to be allowed to change of the table (https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad); null for nothing.</summary>
    public static IList<string>? UpdateOptions(TableSchema schema, ApiSchema existing)
    {
        List<string> options = [];
        if (schema.Columns.Any(c => Find(existing, c.Name) is null)) options.Add("ALLOW_FIELD_ADDITION");
        if (schema.Columns.Any(c => Find(existing, c.Name) is { } there && Relaxes(c, there))) options.Add("ALLOW_FIELD_RELAXATION");
        return options.Count == 0 ? null : options;
    }

    private static bool Relaxes(Column column, TableFieldSchema there) => IsRequired(there) && column is { Nullable: true, Contract: SchemaContract.Evolve };

    private static bool Widens(Column column, TableFieldSchema there) => column.Contract == SchemaContract.Evolve
        && Enum.GetValues<ColumnType>().Any(t => t.SqlName() == Canonical(there.Type) && BigQueryTables.WidensTo(t).Contains(column.Type));

    /// <exception cref="DataException">The partition or cluster columns are missing, or of a type that cannot be.</exception>
    public static void CheckLayout(TableSchema schema, BigQueryOptions options)
    {
        if (options.Partition is { } partition)
        {
            var column = Column(schema, partition.Column, "partition");
            if (column.Type is not (ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp))
                throw new DataException($"The table cannot be partitioned by {column.Name}, which is {column.Type.SqlName()}: it must be DATE, DATETIME or TIMESTAMP. Declare its type in the pipeline's schema, or partition by another column.");
            if (column.Type == ColumnType.Date && partition.By == PartitionUnit.Hour)
                throw new DataException($"The table cannot be partitioned by hour of {column.Name}, which is a DATE. Partition by day, month or year.");
        }
        foreach (var name in options.Cluster)
        {
            var column = Column(schema, name, "cluster");
            if (column.Type is ColumnType.Float64 or ColumnType.Time)
                throw new DataException($"The table cannot be clustered by {column.Name}, which is {column.Type.SqlName()}. BigQuery clusters by BOOL, DATE, DATETIME, INT64, NUMERIC, BIGNUMERIC, STRING and TIMESTAMP.");
        }
    }

    private static Column Column(TableSchema schema, string name, string key) =>
        schema.IndexOf(name) is >= 0 and var at
            ? schema.Columns[at]
            : throw new DataException($"`{key}` names the column {name}, which the run does not have. It has {string.Join(", ", schema.Columns.Take(30).Select(c => c.Name))}{(schema.Columns.Count > 30 ? ", …" : "")}.");

    private static TableFieldSchema? Find(ApiSchema schema, string name) =>
        schema.Fields?.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    internal static bool IsRequired(TableFieldSchema field) => string.Equals(field.Mode, Required, StringComparison.OrdinalIgnoreCase);

    /// <summary>The API's own names for three types are older than SQL's.</summary>
    private static string ApiName(ColumnType type) => type switch
    {
        ColumnType.Int64 => "INTEGER",
        ColumnType.Float64 => "FLOAT",
        ColumnType.Bool => "BOOLEAN",
        _ => type.SqlName(),
    };

    /// <summary>The type's name in SQL.</summary>
    internal static string Canonical(string? type) => type?.ToUpperInvariant() switch
    {
        "INTEGER" => "INT64",
        "FLOAT" => "FLOAT64",
        "BOOLEAN" => "BOOL",
        "DECIMAL" => "NUMERIC",
        "BIGDECIMAL" => "BIGNUMERIC",
        "RECORD" => "STRUCT",
        var other => other ?? "",
    };
}
