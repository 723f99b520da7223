using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Local.Files;

/// <summary>Options of the source <c>file</c>.</summary>
public sealed record FileSourceOptions
{
    /// <summary>What to read.</summary>
    [Required]
    [Description("A file, a folder (with everything in it), or a pattern such as data/**/*.csv; relative to the pipeline file. A symbolic link to a file is that file; links to folders are not followed")]
    public required string Path { get; init; }
}

/// <summary>Options of the staging sink <c>file</c>.</summary>
public sealed record FileStagingOptions : IPartitioning
{
    /// <summary>Where to write.</summary>
    [Required]
    [Description("The folder to write staged files to; relative to the pipeline file")]
    public required string Path { get; init; }

    /// <summary>How to write.</summary>
    [Description("The format of staged files")]
    public StagingFormat Format { get; init; } = StagingFormat.Parquet;

    /// <summary>How to compress.</summary>
    [Description("The compression of staged files")]
    public StagingCompression Compression { get; init; } = StagingCompression.Auto;

    /// <inheritdoc/>
    [Description("The columns by whose values files are put into folders, as Hive, Spark, Athena, BigQuery and DuckDB read them (day=2026-11-01/); outermost first, of type STRING, INT64, BOOL or DATE. They are not in the files themselves. Only where the files are the result.")]
    public IReadOnlyList<string> PartitionBy { get; init; } = [];
}
