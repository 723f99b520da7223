using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Core.Contracts;

/// <summary>What must be true of a run's staged rows; otherwise nothing is loaded.</summary>
public sealed record AssertOptions
{
    /// <summary>How many rows there may be.</summary>
    [Description("How many rows a run may load")]
    public RowBounds? Rows { get; init; }

    /// <summary>Columns with a value in every row.</summary>
    [Description("Columns that have a value in every row")]
    public IReadOnlyList<string> NotNull { get; init; } = [];

    /// <summary>Lists of columns whose values together occur once.</summary>
    [Description("Lists of columns whose values together occur only once, such as [[order_id], [customer_id, ordered_at]]; rows without a value in one of them are not compared")]
    public IReadOnlyList<IReadOnlyList<string>> Unique { get; init; } = [];

    /// <summary>The values a column may have.</summary>
    [Description("The values that a column may have, by column; a missing value is accepted")]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AcceptedValues { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Queries that must return no rows.</summary>
    [Description("Queries in the load sink's SQL that must return no rows; the staged rows are the table staged")]
    public IReadOnlyList<SqlAssertion> Sql { get; init; } = [];
}

/// <summary>How many rows there may be.</summary>
public sealed record RowBounds : IValidatableObject
{
    /// <summary>At least so many.</summary>
    [Description("At least so many rows")]
    [Range(typeof(long), "0", "9223372036854775807")]
    public long? Min { get; init; }

    /// <summary>At most so many.</summary>
    [Description("At most so many rows")]
    [Range(typeof(long), "0", "9223372036854775807")]
    public long? Max { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Min > Max) yield return new ValidationResult("min is more than max, so that no run could pass", [nameof(Min)]);
    }
}

/// <summary>A query that must return no rows.</summary>
public sealed record SqlAssertion
{
    /// <summary>What it asserts, for messages.</summary>
    [Description("What the query asserts, for messages")]
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    /// <summary>The query.</summary>
    [Description("A SELECT that returns the rows that must not be; the staged rows are the table staged")]
    [StringLength(100_000, MinimumLength = 1)]
    public required string Query { get; init; }
}
