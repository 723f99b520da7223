using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Acme;

/// <summary>Options of the load sink: what stands below its name in a pipeline file, in snake case.</summary>
public sealed record AcmeSinkOptions : IWriting, IValidatableObject
{
    /// <summary>Where the rows go.</summary>
    [Required]
    [Description("The folder, relative to the pipeline file; made when it is not there")]
    public required string Folder { get; init; }

    /// <inheritdoc/>
    [Description("What happens to rows already there: append or replace")]
    public WriteDisposition Write { get; init; } = WriteDisposition.Append;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Write is not (WriteDisposition.Append or WriteDisposition.Replace))
            yield return new ValidationResult("write must be append or replace", [nameof(Write)]);
    }
}
