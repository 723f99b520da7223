using System.Globalization;
using Etl.Core.Schemas;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>Partitions of a table as ranges of its partitioning column, neighbours put together.</summary>
internal sealed class PartitionRanges
{
    private readonly string column;
    private readonly ColumnType type;
    private readonly bool hasNull;
    private readonly List<(DateTime From, DateTime? To)> ranges = [];

    private PartitionRanges(TableSchema schema, BigQueryPartition partition, IEnumerable<DateTime> starts, bool hasNull)
    {
        column = GoogleSql.Name(partition.Column);
        type = schema.Columns[schema.IndexOf(partition.Column)].Type;
        this.hasNull = hasNull;
        foreach (var start in starts.Order())
        {
            var end = Next(start, partition.By);
            if (ranges.Count > 0 && ranges[^1].To == start) ranges[^1] = (ranges[^1].From, end);
            else ranges.Add((start, end));
        }
    }

    /// <summary>The query for the partitions that the rows of <paramref name="table"/> are of.</summary>
    public static string Query(TableSchema schema, BigQueryOptions options, string table)
    {
        var partition = options.Partition!;
        var function = schema.Columns[schema.IndexOf(partition.Column)].Type switch { ColumnType.Date => "DATE_TRUNC", ColumnType.DateTime => "DATETIME_TRUNC", _ => "TIMESTAMP_TRUNC" };
        return $"SELECT DISTINCT {function}({GoogleSql.Name(partition.Column)}, {partition.By.ToString().ToUpperInvariant()}) AS part FROM `{table}`";
    }

    /// <summary>The partitions that the query found; null is that of rows without a value.</summary>
    public static PartitionRanges Of(TableSchema schema, BigQueryOptions options, IReadOnlyCollection<string?> found) =>
        new(schema, options.Partition!, found.OfType<string>().Select(Parse), found.Contains(null));

    /// <summary>The partition that the options name.</summary>
    public static PartitionRanges Named(TableSchema schema, BigQueryOptions options) => new(schema, options.Partition!, [StartOf(options.PartitionId!, options.Partition!.By)!.Value], hasNull: false);

    /// <summary>When the partition with this id starts (https://cloud.google.com/bigquery/docs/partitioned-tables#partition_decorators); null when it is none.</summary>
    public static DateTime? StartOf(string id, PartitionUnit by) =>
        DateTime.TryParseExact(id, by switch { PartitionUnit.Hour => "yyyyMMddHH", PartitionUnit.Day => "yyyyMMdd", PartitionUnit.Month => "yyyyMM", _ => "yyyy" }, CultureInfo.InvariantCulture, DateTimeStyles.None, out var start) ? start : null;

    /// <summary>The condition that a row is of one of them.</summary>
    /// <param name="table">What stands before the column's name: nothing, or a table's alias with its dot.</param>
    public string Condition(string table)
    {
        var conditions = ranges.Select(r => r.To is { } to ? $"({table}{column} >= {Literal(r.From)} AND {table}{column} < {Literal(to)})" : $"({table}{column} >= {Literal(r.From)})").ToList();
        if (hasNull) conditions.Add($"{table}{column} IS NULL");
        return conditions.Count == 1 ? conditions[0] : $"({string.Join(" OR ", conditions)})";
    }

    // As the reader shows them.
    private static DateTime Parse(string found) =>
        DateTime.ParseExact(found, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss 'UTC'"], CultureInfo.InvariantCulture, DateTimeStyles.None);

    private string Literal(DateTime time) => type switch
    {
        ColumnType.Date => string.Create(CultureInfo.InvariantCulture, $"DATE '{time:yyyy-MM-dd}'"),
        ColumnType.DateTime => string.Create(CultureInfo.InvariantCulture, $"DATETIME '{time:yyyy-MM-dd HH:mm:ss}'"),
        _ => string.Create(CultureInfo.InvariantCulture, $"TIMESTAMP '{time:yyyy-MM-dd HH:mm:ss}+00:00'"),
    };

    // The last partition of all has no end.
    private static DateTime? Next(DateTime start, PartitionUnit by) => by switch
    {
        PartitionUnit.Year => start.Year == 9999 ? null : start.AddYears(1),
        PartitionUnit.Month => start is { Year: 9999, Month: 12 } ? null : start.AddMonths(1),
        PartitionUnit.Day => start >= DateTime.MaxValue.Date ? null : start.AddDays(1),
        _ => start >= DateTime.MaxValue.AddHours(-1) ? null : start.AddHours(1),
    };
}
