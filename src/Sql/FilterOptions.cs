using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Sql;

/// <summary>Options of the transform <c>filter</c>.</summary>
public sealed record FilterOptions
{
    /// <summary>The condition.</summary>
    [Required]
    [Description("The condition, in DuckDB's SQL; rows for which it is false or NULL are left out and counted as filtered")]
    public required string Where { get; init; }
}
