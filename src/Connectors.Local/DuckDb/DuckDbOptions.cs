using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Local.DuckDb;

/// <summary>Options of the load sink <c>duckdb</c>.</summary>
public sealed record DuckDbOptions : IWriting
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
}
