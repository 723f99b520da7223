using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Schemas;

namespace Etl.Core.Pipelines;

/// <summary>The tests of a pipeline: what comes in, and what has to come out.</summary>
public sealed record PipelineTests
{
    /// <summary>What stands for <c>${NAME}</c> in the pipeline file, in place of the environment's.</summary>
    [Description("What stands for ${NAME} in the pipeline file, in place of environment variables")]
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The tests.</summary>
    [Required]
    [MinLength(1)]
    [Description("The tests")]
    public required IReadOnlyList<PipelineTest> Tests { get; init; }
}

/// <summary>One test: an object through the pipeline's parser and transforms.</summary>
public sealed record PipelineTest : IValidatableObject
{
    /// <summary>A sentence that is true.</summary>
    [Required]
    [Description("A sentence that is true")]
    public required string Name { get; init; }

    /// <summary>The object's text.</summary>
    [Description("What is in the object")]
    public string? Input { get; init; }

    /// <summary>A file that is the object, relative to the file of tests.</summary>
    [Description("A file that is the object, relative to the file of tests")]
    public string? File { get; init; }

    /// <summary>The object's name, which decides how it is unpacked and what metadata columns say.</summary>
    [Description("The object's name (default input.csv, or the file's)")]
    public string? Object { get; init; }

    /// <summary>What has to come out; null when that is not known yet.</summary>
    [Description("What has to come out; `etl test --update` writes it")]
    public PipelineExpectation? Expect { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Input is null == File is null) yield return new ValidationResult("a test needs input, the object's text, or file, its path: one of the two", [nameof(Name)]);
    }
}

/// <summary>What has to come out of a test.</summary>
public sealed record PipelineExpectation
{
    /// <summary>The rows after the transforms as CSV with a header; columns that it does not name are not looked at.</summary>
    [Description("The rows after the transforms, as CSV with a header: of the columns that it names, in order; an empty field is NULL, \"\" an empty text. Left out: not looked at")]
    public string? Rows { get; init; }

    /// <summary>The types of columns after the transforms.</summary>
    [Description("The types of columns after the transforms")]
    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>();

    /// <summary>The rows that are rejected, in order.</summary>
    [Description("The rows that are rejected, in order; left out: none")]
    public IReadOnlyList<ExpectedReject> Rejects { get; init; } = [];

    /// <summary>How many rows a transform leaves out.</summary>
    [Description("How many rows a transform leaves out")]
    [Range(0, int.MaxValue)]
    public int? Filtered { get; init; }

    /// <summary>A part of the error that ends the run; then nothing else is looked at.</summary>
    [Description("A part of the error that ends the run; then nothing else is looked at")]
    public string? Error { get; init; }
}

/// <summary>A row that has to be rejected.</summary>
public sealed record ExpectedReject
{
    /// <summary>The line it starts on.</summary>
    [Required]
    [Description("The line of the object that the row starts on, from 1")]
    public required int Line { get; init; }

    /// <summary>The column at fault.</summary>
    [Description("The column at fault")]
    public string? Column { get; init; }

    /// <summary>A part of the reason.</summary>
    [Description("A part of the reason")]
    public string? Reason { get; init; }
}
