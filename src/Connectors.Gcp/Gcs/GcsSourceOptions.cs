using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Pipelines;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Which objects of which Cloud Storage bucket to read. How to sign in is said under <c>google:</c>.</summary>
public sealed record GcsSourceOptions
{
    /// <summary>The bucket's name.</summary>
    [Description("The bucket's name.")]
    [RegularExpression(GcsNames.Bucket, ErrorMessage = GcsNames.BucketMessage)]
    public required string Bucket { get; init; }

    /// <summary>What every name starts with.</summary>
    [Description("What every name starts with, such as orders/2026/. Everything when left out.")]
    [StringLength(1024)]
    public string Prefix { get; init; } = "";

    /// <summary>A glob on the name after the prefix.</summary>
    [Description("A glob on the name after the prefix: * within a folder, ** across folders, ?, [abc], {csv,tsv}. Everything when left out.")]
    [StringLength(1024)]
    [KeyPattern(ErrorMessage = "The pattern is not a glob: look at its [sets], such as [a-z].")]
    public string? Pattern { get; init; }

    /// <summary>Whether it is an error that no object matches.</summary>
    [Description("Whether it is an error that no object matches. Only a warning when left out.")]
    public bool Required { get; init; }
}
