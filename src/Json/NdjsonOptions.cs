using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Csv;

namespace Etl.Json;

/// <summary>How to read newline-delimited JSON (https://github.com/ndjson/ndjson-spec; JSON itself is RFC 8259). Everything left out is found out from the data.</summary>
public sealed record NdjsonOptions : IRejecting, ISplitting, IValidatableObject
{
    private const int SmallestSplit = 64_000;

    /// <summary>Where the columns' types come from.</summary>
    [Description("Where the column types come from: infer (from samples), declared (columns) or strings (all text)")]
    public CsvSchemaMode? Schema { get; init; }

    /// <summary>The declared columns; with <see cref="CsvSchemaMode.Infer"/>, exceptions to what is inferred. When they are given and <see cref="Schema"/> is not, the schema is declared.</summary>
    [Description("The columns, when they are declared; with schema: infer, exceptions to the types that are inferred. source is the key, when it differs from the name")]
    public IReadOnlyList<CsvColumnOptions>? Columns { get; init; }

    /// <summary>What to do when the data is not as the table, the declared columns or the samples are.</summary>
    [Description("What to do when the data and the columns of the table (or the declared ones, or those of the samples) are not alike (default evolve; docs/schema-change.md)")]
    public SchemaContract? Contract { get; init; }

    /// <summary>Texts that mean that a value is missing, besides <c>null</c> and the missing key.</summary>
    [Description("Texts that mean that a value is missing, besides null and a key that is not there")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>Bytes in a split of a large plain object.</summary>
    [Description("How large the parts are in which a large plain object is read side by side: a size such as 64MB (default 128MiB)")]
    public ByteSize? SplitSize { get; init; }

    /// <summary>What to do about rows that do not fit.</summary>
    [Description("What to do about rows that do not fit")]
    public RejectOptions Rejects { get; init; } = new();

    /// <summary>Whether <see cref="Columns"/> are all columns.</summary>
    internal bool IsDeclared => Columns is { Count: > 0 } && Schema is null or CsvSchemaMode.Declared;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SplitSize is { Bytes: < SmallestSplit })
            yield return new ValidationResult("split_size must be at least 64kB", [nameof(SplitSize)]);
        if (Schema == CsvSchemaMode.Declared && Columns is not { Count: > 0 })
            yield return new ValidationResult("schema is declared, but columns lists no column", [nameof(Schema)]);
        if (Columns?.FirstOrDefault(c => c.Position is not null) is { } placed)
            yield return new ValidationResult($"{placed.Name}: position is for CSV: a JSON object's values are found by their keys, so name the key with source", [nameof(Columns)]);
        if (Columns?.GroupBy(c => c.Source ?? c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new ValidationResult($"{string.Join(" and ", twice.Select(c => c.Name))} are the same key, {twice.Key}", [nameof(Columns)]);
    }
}
