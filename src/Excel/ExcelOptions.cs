using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;
using Etl.Csv;

namespace Etl.Excel;

/// <summary>How to read workbooks. Everything left out is found out from the data.</summary>
public sealed record ExcelOptions : IRejecting, IValidatableObject
{
    /// <summary>The sheet, by its name or its 1-based number.</summary>
    [Description("The sheet: its name, or its number counted from 1 (default: the first that is visible and holds something)")]
    [StringLength(31, MinimumLength = 1)]
    public string? Sheet { get; init; }

    /// <summary>The cells that are read.</summary>
    [Description("The cells that are read, such as B3:H, A1:F200 or B:H (default: all)")]
    public string? Range { get; init; }

    /// <summary>How many rows name the columns.</summary>
    [Description("How many rows name the columns (default 1); with more than one, the names of each column are joined with a space; 0 for none: the columns are called as columns says, or column_1 and so on")]
    [Range(0, 16)]
    public int? Header { get; init; }

    /// <summary>How many rows are passed over before the header.</summary>
    [Description("How many rows of the sheet, or of the range, are passed over before the header; empty rows always are")]
    [Range(0, 1_048_575)]
    public int SkipRows { get; init; }

    /// <summary>Whether every cell of a merged range has its value.</summary>
    [Description("Whether every cell of merged cells has their value; otherwise the first has it, and the others have none")]
    public bool FillMerged { get; init; }

    /// <summary>Where the columns' types come from.</summary>
    [Description("Where the column types come from: infer (from the cells), declared (columns) or strings (all text)")]
    public CsvSchemaMode? Schema { get; init; }

    /// <summary>The declared columns; with <see cref="CsvSchemaMode.Infer"/>, exceptions to what is inferred. When they are given and <see cref="Schema"/> is not, the schema is declared.</summary>
    [Description("The columns, when they are declared; with schema: infer, exceptions to the types that are inferred. position counts the columns of the range")]
    public IReadOnlyList<CsvColumnOptions>? Columns { get; init; }

    /// <summary>What to do when the data is not as the table, the declared columns or the samples are.</summary>
    [Description("What to do when the data and the columns of the table (or the declared ones, or those of the samples) are not alike (default evolve; docs/schema-change.md)")]
    public SchemaContract? Contract { get; init; }

    /// <summary>Texts that mean that a value is missing, besides the empty cell.</summary>
    [Description("Texts that mean that a value is missing, besides the empty cell; also errors, such as \"#N/A\"")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <summary>What to do about rows that do not fit.</summary>
    [Description("What to do about rows that do not fit")]
    public RejectOptions Rejects { get; init; } = new();

    /// <summary>Whether <see cref="Columns"/> are all columns.</summary>
    internal bool IsDeclared => Columns is { Count: > 0 } && Schema is null or CsvSchemaMode.Declared;

    /// <summary>Rows that name the columns.</summary>
    internal int HeaderRows => Header ?? 1;

    /// <summary>Whether a text is a range of cells.</summary>
    public static bool IsRange(string text) => CellRange.TryParse(text, out _);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Range is not null && !IsRange(Range))
            yield return new ValidationResult("range is written as in a formula, such as B3:H, A1:F200 or B:H", [nameof(Range)]);
        if (Schema == CsvSchemaMode.Declared && Columns is not { Count: > 0 })
            yield return new ValidationResult("schema is declared, but columns lists no column", [nameof(Schema)]);
        if (Columns?.Where(c => c.Position is not null).GroupBy(c => c.Position).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new ValidationResult($"{string.Join(" and ", twice.Select(c => c.Name))} have the same position, {twice.Key}", [nameof(Columns)]);
    }
}
