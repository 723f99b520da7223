using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Connectors.Postgres;

/// <summary>Options of the source <c>postgres</c>.</summary>
public sealed record PostgresSourceOptions : PostgresServer, IValidatableObject
{
    /// <summary>A table or view.</summary>
    [Description("The table or view to read")]
    [StringLength(63, MinimumLength = 1)]
    public string? Table { get; init; }

    /// <summary>Its schema.</summary>
    [Description("The schema of the table (default public)")]
    [StringLength(63, MinimumLength = 1)]
    public string? Schema { get; init; }

    /// <summary>A query.</summary>
    [Description("The query to read, in place of a table: one SELECT. With ORDER BY on a key, another process that reads it again finds the same bytes")]
    [StringLength(100_000, MinimumLength = 1)]
    public string? Query { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Table is null == Query is null) yield return new ValidationResult("name either a table or a query", [nameof(Table)]);
        if (Query is not null && Schema is not null) yield return new ValidationResult("schema goes with table; write the schema into the query", [nameof(Schema)]);
    }
}
