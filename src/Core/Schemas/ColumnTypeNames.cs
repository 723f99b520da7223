namespace Etl.Core.Schemas;

/// <summary>The names of the column types as people write them: <c>INT64</c>, <c>NUMERIC</c>, <c>TIMESTAMP</c> …</summary>
public static class ColumnTypeNames
{
    /// <summary>BigQuery's name of the type.</summary>
    public static string SqlName(this ColumnType type) => type.ToString().ToUpperInvariant();
}
