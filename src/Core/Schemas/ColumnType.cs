namespace Etl.Core.Schemas;

/// <summary>The types a column can have: BigQuery's, by BigQuery's names (https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types).</summary>
public enum ColumnType
{
    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>IEEE 754 double.</summary>
    Float64,

    /// <summary>Exact decimal, 38 digits, 9 of them after the point.</summary>
    Numeric,

    /// <summary>Exact decimal, 76 digits, 38 of them after the point.</summary>
    BigNumeric,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A calendar day, years 1 to 9999.</summary>
    Date,

    /// <summary>Day and time of day with no time zone, in microseconds.</summary>
    DateTime,

    /// <summary>An instant, in microseconds since 1970-01-01T00:00:00Z.</summary>
    Timestamp,

    /// <summary>Time of day, in microseconds.</summary>
    Time,

    /// <summary>UTF-8 text.</summary>
    String,
}
