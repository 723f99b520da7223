using System.Globalization;
using System.Text.RegularExpressions;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Connectors.Postgres;

/// <summary>Column types and SQL text of PostgreSQL (https://www.postgresql.org/docs/current/datatype.html).</summary>
internal static partial class PostgresTypes
{
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Int64 => "bigint",
        ColumnType.Float64 => "double precision",
        ColumnType.Numeric => "numeric(38,9)",
        // 77 digits, the first of which is at most 5.
        ColumnType.BigNumeric => "numeric(77,38)",
        ColumnType.Bool => "boolean",
        ColumnType.Date => "date",
        ColumnType.DateTime => "timestamp without time zone",
        ColumnType.Timestamp => "timestamp with time zone",
        ColumnType.Time => "time without time zone",
        ColumnType.String => "text",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such column type."),
    };

    /// <summary>A column as the planner sees it. A type that takes only some values of one of ours (an integer, a decimal of few digits, a text of limited length) counts as taking it: what does not fit fails the load, never is rounded or cut.</summary>
    public static TargetColumn Column(string name, string type, bool required) => new(name, type, Takes(type), Wider(type), required);

    /// <summary>The type's digits before and after the point; null when it is no decimal or has no limit.</summary>
    public static (int Whole, int Fraction)? Digits(string type) =>
        Limited().Match(type) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var precision && int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) is var scale ? (precision - scale, scale) : null;

    /// <summary>A value of one of our types as it is written into a column: text becomes JSON or a UUID only when it is told to.</summary>
    public static string Cast(string value, string type) => type is "json" or "jsonb" or "uuid" ? $"CAST({value} AS {type})" : value;

    public static string Name(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text; backslashes stand for themselves, whatever the server's settings.</summary>
    public static string Literal(string text) => $"{(text.Contains('\\', StringComparison.Ordinal) ? " E" : "")}'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static IReadOnlyList<ColumnType> Takes(string type) => type switch
    {
        "bigint" or "integer" or "smallint" => [ColumnType.Int64],
        "double precision" => [ColumnType.Float64],
        "numeric" => [ColumnType.BigNumeric, ColumnType.Numeric, ColumnType.Int64],
        "boolean" => [ColumnType.Bool],
        "date" => [ColumnType.Date],
        "timestamp without time zone" => [ColumnType.DateTime],
        "timestamp with time zone" => [ColumnType.Timestamp],
        "time without time zone" => [ColumnType.Time],
        "text" or "json" or "jsonb" or "uuid" or "character varying" => [ColumnType.String],
        _ when type.StartsWith("character varying(", StringComparison.Ordinal) => [ColumnType.String],
        _ when Digits(type) is var (whole, fraction) => fraction > 9 || whole > 29 ? [ColumnType.BigNumeric, ColumnType.Numeric] : [ColumnType.Numeric],
        _ => [],
    };

    private static IReadOnlyList<ColumnType> Wider(string type) => type switch
    {
        "bigint" or "integer" or "smallint" => [ColumnType.Numeric, ColumnType.BigNumeric],
        "numeric(38,9)" => [ColumnType.BigNumeric],
        _ => [],
    };

    [GeneratedRegex(@"^numeric\((\d+),(\d+)\)$")]
    private static partial Regex Limited();
}
