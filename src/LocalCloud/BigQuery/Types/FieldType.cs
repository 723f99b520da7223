namespace Etl.LocalCloud.BigQuery.Types;

/// <summary>BigQuery's scalar types.</summary>
internal enum FieldType
{
    Int64,
    Float64,
    Numeric,
    BigNumeric,
    Bool,
    String,
    Bytes,
    Date,
    Time,
    DateTime,
    Timestamp,
}

/// <summary>How the types are called, and what stands for them in DuckDB.</summary>
internal static class FieldTypes
{
    /// <summary>A type by its standard or its older name.</summary>
    public static FieldType Parse(string name, string field) => name.ToUpperInvariant() switch
    {
        "INT64" or "INTEGER" => FieldType.Int64,
        "FLOAT64" or "FLOAT" => FieldType.Float64,
        "NUMERIC" or "DECIMAL" => FieldType.Numeric,
        "BIGNUMERIC" or "BIGDECIMAL" => FieldType.BigNumeric,
        "BOOL" or "BOOLEAN" => FieldType.Bool,
        "STRING" => FieldType.String,
        "BYTES" => FieldType.Bytes,
        "DATE" => FieldType.Date,
        "TIME" => FieldType.Time,
        "DATETIME" => FieldType.DateTime,
        "TIMESTAMP" => FieldType.Timestamp,
        "RECORD" or "STRUCT" or "GEOGRAPHY" or "JSON" or "RANGE" or "INTERVAL" => throw BigQueryRefusedException.Invalid($"The local BigQuery has no {name} fields ({field})."),
        _ => throw BigQueryRefusedException.Invalid($"Invalid value for type: {name} is not a valid value"),
    };

    /// <summary>The name that the API answers with.</summary>
    public static string ApiName(this FieldType type) => type switch
    {
        FieldType.Int64 => "INTEGER",
        FieldType.Float64 => "FLOAT",
        FieldType.Bool => "BOOLEAN",
        _ => type.ToString().ToUpperInvariant(),
    };

    /// <summary>The name in SQL and in messages.</summary>
    public static string SqlName(this FieldType type) => type.ToString().ToUpperInvariant();

    /// <summary>The DuckDB type. BIGNUMERIC has more digits than any DuckDB decimal, so it is kept as its canonical text.</summary>
    public static string DuckDb(this FieldType type) => type switch
    {
        FieldType.Int64 => "BIGINT",
        FieldType.Float64 => "DOUBLE",
        FieldType.Numeric => "DECIMAL(38,9)",
        FieldType.Bool => "BOOLEAN",
        FieldType.Bytes => "BLOB",
        FieldType.Date => "DATE",
        FieldType.Time => "TIME",
        FieldType.DateTime => "TIMESTAMP",
        FieldType.Timestamp => "TIMESTAMPTZ",
        _ => "VARCHAR",
    };

    /// <summary>The type of a query's result column.</summary>
    public static FieldType OfDuckDb(string type, string column) => type switch
    {
        "BIGINT" or "INTEGER" or "SMALLINT" or "TINYINT" or "UBIGINT" or "UINTEGER" or "USMALLINT" or "UTINYINT" or "HUGEINT" or "UHUGEINT" => FieldType.Int64,
        "DOUBLE" or "FLOAT" => FieldType.Float64,
        "BOOLEAN" => FieldType.Bool,
        "VARCHAR" or "UUID" => FieldType.String,
        "BLOB" => FieldType.Bytes,
        "DATE" => FieldType.Date,
        "TIME" => FieldType.Time,
        "TIMESTAMP" or "TIMESTAMP_S" or "TIMESTAMP_MS" or "TIMESTAMP_NS" => FieldType.DateTime,
        "TIMESTAMP WITH TIME ZONE" => FieldType.Timestamp,
        "\"NULL\"" => FieldType.Int64,
        _ when type.StartsWith("DECIMAL(", StringComparison.Ordinal) && int.Parse(type[8..^1].Split(',')[1], System.Globalization.CultureInfo.InvariantCulture) is var scale =>
            scale <= 9 ? FieldType.Numeric : FieldType.BigNumeric,
        _ => throw BigQueryRefusedException.InvalidQuery($"The local BigQuery cannot return column {column}: it has no counterpart of {type}."),
    };
}
