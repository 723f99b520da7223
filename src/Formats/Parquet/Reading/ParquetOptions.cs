using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Formats.Parquet.Reading;

/// <summary>How to read Parquet. Names and types are in the files.</summary>
public sealed record ParquetOptions : IRejecting, IValidatableObject
{
    /// <summary>The columns to read; null for all.</summary>
    [Description("The columns to read, by their names in the file; all of them when left out. The others are not even fetched")]
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>What to do when files, or a file and the table, are not alike.</summary>
    [Description("What to do when the files' columns, or theirs and the table's, are not alike (default evolve; docs/schema-change.md)")]
    public SchemaContract? Contract { get; init; }

    /// <summary>What to do about rows that do not fit.</summary>
    [Description("What to do about rows that do not fit")]
    public RejectOptions Rejects { get; init; } = new();

    /// <summary>Whether a column is wanted.</summary>
    internal bool Wants(string name) => Columns is null || Columns.Contains(name, StringComparer.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Columns is { Count: 0 })
            yield return new ValidationResult("columns lists none, so nothing would be read; leave it out to read all", [nameof(Columns)]);
    }
}
