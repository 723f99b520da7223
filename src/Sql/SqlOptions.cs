using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Sql;

/// <summary>Options of the transform <c>sql</c>.</summary>
public sealed record SqlOptions
{
    /// <summary>The query.</summary>
    [Required]
    [Description("A SELECT in DuckDB's SQL over the table input. It sees some rows at a time, so it may not aggregate, sort, join or limit")]
    public required string Query { get; init; }
}
