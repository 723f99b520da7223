using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Acme;

/// <summary>Options of the source: what stands below its name in a pipeline file, in snake case.</summary>
public sealed record AcmeSourceOptions
{
    /// <summary>Where the files are.</summary>
    [Required]
    [Description("The folder, relative to the pipeline file")]
    public required string Folder { get; init; }
}
