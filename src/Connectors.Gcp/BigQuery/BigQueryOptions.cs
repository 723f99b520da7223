using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>The table that a run loads into, and how.</summary>
public sealed record BigQueryOptions : IMerging, IValidatableObject
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

    /// <summary>What happens to the rows there are.</summary>
    [Description("append adds rows; replace puts them in the place of all there are, or of one partition; merge updates by key; replace_partitions replaces the partitions that the rows are of.")]
    public WriteDisposition Write { get; init; } = WriteDisposition.Append;

    /// <summary>With <see cref="WriteDisposition.Replace"/>, the one partition that is replaced.</summary>
    [Description("With write: replace, the one partition that is replaced, by its id: 2026112507 (an hour), 20261125 (a day), 202611 (a month) or 2026 (a year).")]
    public string? PartitionId { get; init; }

    /// <inheritdoc/>
    [Description("With write: merge, the columns that tell one row from another.")]
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <inheritdoc/>
    [Description("With write: merge, the column by which the latest of several rows with one key is known. A row that is older than the table's changes nothing. Without it, a key that comes twice in a run is an error.")]
    public string? LatestBy { get; init; }

    /// <inheritdoc/>
    [Description("With write: merge, which rows remove the row with their key.")]
    public HardDeleteOptions? HardDelete { get; init; }

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

    /// <summary>Whether rows of earlier loads stay.</summary>
    internal bool KeepsRows => Write != WriteDisposition.Replace || PartitionId is not null;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in IMerging.Check(this)) yield return problem;
        if (Write == WriteDisposition.ReplacePartitions && Partition is null)
            yield return new ValidationResult("write: replace_partitions needs partition, such as partition: { column: ordered_at, by: day }", [nameof(Write)]);
        if (PartitionId is null) yield break;
        if (Write != WriteDisposition.Replace) yield return new ValidationResult("partition_id goes with write: replace", [nameof(PartitionId)]);
        else if (Partition is null) yield return new ValidationResult("partition_id needs partition, such as partition: { column: ordered_at, by: day }", [nameof(PartitionId)]);
        else if (PartitionRanges.StartOf(PartitionId, Partition.By) is null)
            yield return new ValidationResult($"partition_id must be the id of {(Partition.By switch { PartitionUnit.Hour => "an hour, such as 2026112507", PartitionUnit.Day => "a day, such as 20261125", PartitionUnit.Month => "a month, such as 202611", _ => "a year, such as 2026" })}", [nameof(PartitionId)]);
    }
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
