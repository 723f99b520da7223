using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>The table that a run loads into, and how.</summary>
public sealed record BigQueryOptions : IWriting
{
    /// <summary>The project that holds the dataset and runs the load.</summary>
    [Description("The project that holds the dataset and runs the load job.")]
    [RegularExpression("^[a-z0-9.:-]{4,63}$", ErrorMessage = "A project is named by its id, such as acme-analytics.")]
    public required string Project { get; init; }

    /// <summary>The dataset. It must exist.</summary>
    [Description("The dataset. It must exist.")]
    [RegularExpression("^[A-Za-z0-9_]{1,1024}$", ErrorMessage = "A dataset's name has letters, digits and underscores.")]
    public required string Dataset { get; init; }

    /// <summary>The table. It is created when it is missing.</summary>
    [Description("The table. It is created when it is missing.")]
    [RegularExpression(@"^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$", ErrorMessage = "A table's name has letters, digits, underscores and hyphens.")]
    public required string Table { get; init; }

    /// <summary>Whether rows are added or take the place of those there are.</summary>
    [Description("append adds rows; replace puts them in the place of all there are.")]
    public WriteDisposition Write { get; init; } = WriteDisposition.Append;

    /// <summary>How a new table is partitioned.</summary>
    [Description("How a new table is partitioned. Not at all when left out.")]
    public BigQueryPartition? Partition { get; init; }

    /// <summary>The columns a new table is clustered by.</summary>
    [Description("The columns a new table is clustered by: up to four, the most selective first.")]
    [MaxLength(4, ErrorMessage = "A table can be clustered by four columns at most.")]
    public IReadOnlyList<string> Cluster { get; init; } = [];

    /// <summary>Labels of a new table and of each load job.</summary>
    [Description("Labels of a new table and of each load job: lower-case keys and values.")]
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The dataset's location.</summary>
    [Description("The dataset's location, such as US or asia-northeast1. Asked of BigQuery when left out.")]
    public string? Location { get; init; }

    /// <summary>A new table's description.</summary>
    [Description("A new table's description.")]
    [StringLength(16384)]
    public string? Description { get; init; }
}

/// <summary>How a table is partitioned (https://cloud.google.com/bigquery/docs/partitioned-tables).</summary>
public sealed record BigQueryPartition
{
    /// <summary>A column of type DATE, DATETIME or TIMESTAMP.</summary>
    [Description("A column of type DATE, DATETIME or TIMESTAMP.")]
    public required string Column { get; init; }

    /// <summary>The length of a partition.</summary>
    [Description("The length of a partition.")]
    public PartitionUnit By { get; init; } = PartitionUnit.Day;
}

/// <summary>The length of a partition.</summary>
public enum PartitionUnit
{
    /// <summary>One hour; not for DATE columns.</summary>
    Hour,

    /// <summary>One day.</summary>
    Day,

    /// <summary>One month.</summary>
    Month,

    /// <summary>One year.</summary>
    Year,
}
