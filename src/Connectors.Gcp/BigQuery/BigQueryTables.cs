using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>A BigQuery table as the planner sees it.</summary>
internal static class BigQueryTables
{
    /// <summary>The table's description.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="table">The table; null when there is none.</param>
    public static TargetTable Describe(string name, Table? table) =>
        new(name, table?.Schema?.Fields is { Count: > 0 } fields ? [.. fields.Select(Column)] : null);

    /// <summary>What <c>ALTER COLUMN SET DATA TYPE</c> can make of a type (https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#alter_column_set_data_type_statement).</summary>
    public static IReadOnlyList<ColumnType> WidensTo(ColumnType type) => type switch
    {
        ColumnType.Int64 => [ColumnType.Numeric, ColumnType.BigNumeric, ColumnType.Float64],
        ColumnType.Numeric => [ColumnType.BigNumeric, ColumnType.Float64],
        _ => [],
    };

    private static TargetColumn Column(TableFieldSchema field)
    {
        var repeated = string.Equals(field.Mode, "REPEATED", StringComparison.OrdinalIgnoreCase);
        var type = BigQuerySchemas.Canonical(field.Type);
        var known = Enum.GetValues<ColumnType>().Where(t => !repeated && t.SqlName() == type).ToList();
        return new TargetColumn(field.Name!, repeated ? $"ARRAY<{type}>" : type, known, [.. known.SelectMany(WidensTo)], BigQuerySchemas.IsRequired(field));
    }
}
