using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Pipelines;

namespace Etl.Connectors.Azure;

/// <summary>Which blobs of which container to read.</summary>
public sealed record AzureSourceOptions : AzureAddress
{
    /// <summary>What every name starts with.</summary>
    [Description("What every name starts with, such as orders/2026/. Everything when left out")]
    [StringLength(1024)]
    public string Prefix { get; init; } = "";

    /// <summary>A glob on the name after the prefix.</summary>
    [Description("A glob on the name after the prefix: * within a folder, ** across folders, ?, [abc], {csv,tsv}. Everything when left out")]
    [StringLength(1024)]
    [KeyPattern(ErrorMessage = "The pattern is not a glob: look at its [sets], such as [a-z].")]
    public string? Pattern { get; init; }

    /// <summary>Whether it is an error that no blob matches.</summary>
    [Description("Whether it is an error that no blob matches. Only a warning when left out")]
    public bool Required { get; init; }
}
