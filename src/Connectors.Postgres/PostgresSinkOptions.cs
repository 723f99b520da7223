using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Postgres;

/// <summary>Options of the load sink <c>postgres</c>.</summary>
public sealed record PostgresSinkOptions : PostgresServer, IMerging, IValidatableObject
{
    /// <summary>The table.</summary>
    [Description("The table, made when it is not there")]
    [StringLength(63, MinimumLength = 1)]
    public required string Table { get; init; }

    /// <summary>Its schema.</summary>
    [Description("The schema that holds the table, made when it is not there")]
    [StringLength(63, MinimumLength = 1)]
    public string Schema { get; init; } = "public";

    /// <summary>What happens to rows already there.</summary>
    [Description("What happens to rows already there")]
    public WriteDisposition Write { get; init; } = WriteDisposition.Append;

    /// <inheritdoc/>
    [Description("With write: merge, the columns that tell one row from another")]
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <inheritdoc/>
    [Description("With write: merge, the column by which the latest of several rows with one key is known")]
    public string? LatestBy { get; init; }

    /// <inheritdoc/>
    [Description("With write: merge, which rows remove the row with their key")]
    public HardDeleteOptions? HardDelete { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var problem in IMerging.Check(this)) yield return problem;
        if (Write == WriteDisposition.ReplacePartitions)
            yield return new ValidationResult("write: replace_partitions is for BigQuery's partitions; say append, replace or merge", [nameof(Write)]);
    }
}
