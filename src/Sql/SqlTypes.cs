using Apache.Arrow.Types;
using Etl.Core.Schemas;

namespace Etl.Sql;

/// <summary>How DuckDB's types and a table's correspond (https://duckdb.org/docs/stable/sql/data_types/overview).</summary>
internal static class SqlTypes
{
    // 256 bits, which DuckDB has no type for: such values pass through as bytes.
    private static readonly FixedSizeBinaryType BigNumericBytes = new(32);

    /// <summary>The column type for what a query gives, or null when there is none.</summary>
    public static ColumnType? Of(string type) => type switch
    {
        "TINYINT" or "SMALLINT" or "INTEGER" or "BIGINT" or "UTINYINT" or "USMALLINT" or "UINTEGER" => ColumnType.Int64,
        "UBIGINT" or "HUGEINT" or "UHUGEINT" => ColumnType.Numeric,
        "FLOAT" or "DOUBLE" => ColumnType.Float64,
        "BOOLEAN" => ColumnType.Bool,
        "DATE" => ColumnType.Date,
        "TIME" => ColumnType.Time,
        "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => ColumnType.DateTime,
        "TIMESTAMP WITH TIME ZONE" => ColumnType.Timestamp,
        "VARCHAR" or "UUID" => ColumnType.String,
        "BLOB" => ColumnType.BigNumeric,
        _ when type.StartsWith("DECIMAL(", StringComparison.Ordinal) => ColumnType.Numeric,
        _ when type.StartsWith("ENUM(", StringComparison.Ordinal) => ColumnType.String,
        _ => null,
    };

    /// <summary>The one DuckDB type that a column of <paramref name="type"/> leaves as.</summary>
    public static string Canonical(ColumnType type) => type switch
    {
        ColumnType.Int64 => "BIGINT",
        ColumnType.Float64 => "DOUBLE",
        ColumnType.Numeric => "DECIMAL(38,9)",
        ColumnType.BigNumeric => "BLOB",
        ColumnType.Bool => "BOOLEAN",
        ColumnType.Date => "DATE",
        ColumnType.DateTime => "TIMESTAMP",
        ColumnType.Timestamp => "TIMESTAMP WITH TIME ZONE",
        ColumnType.Time => "TIME",
        _ => "VARCHAR",
    };

    /// <summary>The Arrow type that a column goes into DuckDB as.</summary>
    public static IArrowType In(ColumnType type) => type == ColumnType.BigNumeric ? BigNumericBytes : type.ToArrow();

    /// <summary>The Arrow type that a column comes out of DuckDB as.</summary>
    public static IArrowType Out(ColumnType type) => type == ColumnType.BigNumeric ? BinaryType.Default : type.ToArrow();
}
