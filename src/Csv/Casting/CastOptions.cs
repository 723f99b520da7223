using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Schemas;

namespace Etl.Csv.Casting;

/// <summary>Options of the transform <c>cast</c>.</summary>
public sealed record CastOptions : IValidatableObject
{
    /// <summary>What each column is to be, by its name.</summary>
    [Required]
    [MinLength(1)]
    [Description("What each column is to be, by its name")]
    public required IReadOnlyDictionary<string, CastColumnOptions> Columns { get; init; }

    /// <summary>What to do about a value that its type does not take.</summary>
    [Description("What to do about a value that its type does not take: fail, null (the value is missing then; such rows are counted as repaired) or reject (the row becomes a dead letter)")]
    public InvalidValue Invalid { get; init; }

    /// <summary>Texts that mean that a value is missing, in all of the columns.</summary>
    [Description("Texts that mean that a value is missing, in all of these columns")]
    public IReadOnlyList<string>? Null { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, column) in Columns)
            if (column.Problem(column.Type) is { } problem)
                yield return new ValidationResult($"{name}: {problem}", [nameof(Columns)]);
    }
}

/// <summary>What a column is to be, and how its values are written.</summary>
public sealed record CastColumnOptions : ValueFormatOptions
{
    /// <summary>The type.</summary>
    [Description("The type: string, int64, float64, numeric, bignumeric, bool, date, datetime, timestamp or time")]
    public required ColumnType Type { get; init; }
}

/// <summary>What to do about a value that its type does not take.</summary>
public enum InvalidValue
{
    /// <summary>Fail: nothing is loaded.</summary>
    [Description("fail: nothing is loaded")]
    Fail,

    /// <summary>The value is missing.</summary>
    [Description("the value is missing")]
    Null,

    /// <summary>The row is rejected.</summary>
    [Description("the row becomes a dead letter")]
    Reject,
}
