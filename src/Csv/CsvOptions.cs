using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Csv;

/// <summary>How to read CSV. Everything left out is found out from the data.</summary>
public sealed record CsvOptions : IRejecting, ISplitting, IValidatableObject
{
    // Each split looks at the object's beginning again.
    private const int SmallestSplit = 64_000;

    /// <summary>The text encoding, or <c>auto</c>.</summary>
    [Description("The text encoding: auto, utf-8, utf-16, shift_jis (or cp932), euc-jp, windows-1252 or another IANA name")]
    public string? Encoding { get; init; }

    /// <summary>What stands between fields, or <c>auto</c>.</summary>
    [Description("What stands between fields: auto, tab, space, or one to sixteen characters such as , ; or ||")]
    public string? Delimiter { get; init; }

    /// <summary>The quote character, <c>none</c> or <c>auto</c>.</summary>
    [Description("The quote character: auto, none, or one ASCII character")]
    public string? Quote { get; init; }

    /// <summary>What makes a quote inside a quoted field ordinary text, or <c>auto</c>.</summary>
    [Description("What stands before a quote inside a quoted field: auto, the quote itself, or \\; with quote none, what stands before a delimiter that is text")]
    public string? Escape { get; init; }

    /// <summary>Whether the first row names the columns; null to find out.</summary>
    [Description("Whether the first row names the columns")]
    public bool? Header { get; init; }

    /// <summary>How many rows the header has; null to find out.</summary>
    [Description("How many rows the header has; with more than one, the names of each column are joined with a space")]
    [Range(1, 16)]
    public int? HeaderRows { get; init; }

    /// <summary>What a comment line starts with, <c>none</c> or <c>auto</c>.</summary>
    [Description("What a line starts with that is a comment: auto, none, or one to four characters such as # or //")]
    public string? Comment { get; init; }

    /// <summary>Lines before the header; null to find out.</summary>
    [Description("How many lines stand before the header")]
    public int? SkipLines { get; init; }

    /// <summary>Where the columns' types come from.</summary>
    [Description("Where the column types come from: infer (from samples), declared (columns) or strings (all text)")]
    public CsvSchemaMode? Schema { get; init; }

    /// <summary>The declared columns; with <see cref="CsvSchemaMode.Infer"/>, exceptions to what is inferred. When they are given and <see cref="Schema"/> is not, the schema is declared.</summary>
    [Description("The columns, when they are declared; with schema: infer, exceptions to the types that are inferred")]
    public IReadOnlyList<CsvColumnOptions>? Columns { get; init; }

    /// <summary>What to do when the data is not as the table, the declared columns or the samples are.</summary>
    [Description("What to do when the data and the columns of the table (or the declared ones, or those of the samples) are not alike (default evolve; docs/schema-change.md)")]
    public SchemaContract? Contract { get; init; }

    /// <summary>Texts that mean that a value is missing, besides the empty unquoted field.</summary>
    [Description("Texts that mean that a value is missing, such as NULL or N/A")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>What to do about rows that have one obvious reading although something is wrong with them.</summary>
    [Description("What to do about rows that have one obvious reading although something is wrong with them; every kind is accepted and counted unless it is said otherwise")]
    public RepairOptions Repairs { get; init; } = new();

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
    }
}

/// <summary>Where the column types come from.</summary>
public enum CsvSchemaMode
{
    /// <summary>From samples of the objects.</summary>
    [Description("from samples of the objects")]
    Infer,

    /// <summary>From <see cref="CsvOptions.Columns"/>.</summary>
    [Description("from the columns in the pipeline file")]
    Declared,

    /// <summary>Every column is text.</summary>
    [Description("every column is text")]
    Strings,
}
