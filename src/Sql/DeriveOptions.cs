using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Etl.Sql;

/// <summary>Options of the transform <c>derive</c>.</summary>
public sealed record DeriveOptions
{
    /// <summary>Expressions by the column they make.</summary>
    [Required]
    [MinLength(1)]
    [Description("Expressions in DuckDB's SQL, by the column they make; a column of that name is replaced, where it stands")]
    public required IReadOnlyDictionary<string, string> Columns { get; init; }
}
