using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>Options of the load sink <c>duckdb</c>.</summary>
public sealed record DuckDbOptions : IMerging, IValidatableObject
{
    /// <summary>The database.</summary>
    [Required]
    [Description("The database file, made when it is not there; relative to the pipeline file")]
    public required string Database { get; init; }

    /// <summary>The table.</summary>
    [Required]
    [Description("The table, made when it is not there")]
    public required string Table { get; init; }

    /// <summary>Its schema.</summary>
    [Description("The schema that holds the table")]
    public string Schema { get; init; } = "main";

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
            yield return new ValidationResult("DuckDB's tables have no partitions, so write: replace_partitions is not for them; say append, replace or merge", [nameof(Write)]);
    }
}
