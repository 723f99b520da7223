using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Csv;

namespace Etl.Lookup;

/// <summary>Options of the transform <c>lookup</c>.</summary>
public sealed record LookupOptions : IValidatableObject
{
    /// <summary>The file.</summary>
    [Required]
    [Description("The file, relative to the pipeline file: CSV, or by its ending .ndjson, .jsonl, .parquet or .xlsx; at most 64 MiB and a million rows")]
    public required string File { get; init; }

    /// <summary>The file's key columns, by the columns whose values are looked up.</summary>
    [Required]
    [MinLength(1)]
    [Description("The file's key columns, by the columns whose values are looked up, such as { country: code }")]
    public required IReadOnlyDictionary<string, string> On { get; init; }

    /// <summary>The file's columns to add, by the names they get.</summary>
    [Required]
    [MinLength(1)]
    [Description("The file's columns to add, by the names they get, such as { country_name: name }")]
    public required IReadOnlyDictionary<string, string> Take { get; init; }

    /// <summary>What to do about a row whose key the file does not have.</summary>
    [Description("What to do about a row whose key is missing or not in the file: null (the added columns have no value), fail, or drop (the row is left out and counted as filtered)")]
    public MissingKey Missing { get; init; }

    /// <summary>How columns of the file are typed, where inference must not decide.</summary>
    [Description("How columns of a CSV or NDJSON file are typed, where inference must not decide; keys have the type of the column that they are looked up for")]
    public IReadOnlyList<CsvColumnOptions>? Columns { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (On.GroupBy(c => c.Value, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            yield return new ValidationResult($"{string.Join(" and ", twice.Select(c => c.Key))} are both looked up in {twice.Key}; a key column is named once", [nameof(On)]);
    }
}

/// <summary>What to do about a row whose key a lookup's file does not have.</summary>
public enum MissingKey
{
    /// <summary>The added columns have no value.</summary>
    [Description("the added columns have no value")]
    Null,

    /// <summary>Fail.</summary>
    [Description("fail: nothing is loaded")]
    Fail,

    /// <summary>Leave the row out.</summary>
    [Description("the row is left out and counted as filtered")]
    Drop,
}
