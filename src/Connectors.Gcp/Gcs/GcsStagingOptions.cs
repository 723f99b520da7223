using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Where staged files go, and how they are written.</summary>
public sealed record GcsStagingOptions : IPartitioning
{
    /// <summary>The bucket's name.</summary>
    [Description("The bucket's name. It must be in a location that the BigQuery dataset can load from.")]
    [RegularExpression(GcsNames.Bucket, ErrorMessage = GcsNames.BucketMessage)]
    public required string Bucket { get; init; }

    /// <summary>What the staged objects' names start with.</summary>
    [Description("What the staged objects' names start with, such as orders/.")]
    [StringLength(512)]
    public string Prefix { get; init; } = "";

    /// <summary>The format of the staged files.</summary>
    [Description("The format of the staged files.")]
    public StagingFormat Format { get; init; } = StagingFormat.Parquet;

    /// <summary>The compression of the staged files.</summary>
    [Description("The compression of the staged files. What suits the format when left out.")]
    public StagingCompression Compression { get; init; } = StagingCompression.Auto;

    /// <inheritdoc/>
    [Description("The columns by whose values files are put into folders, as Hive, Spark, Athena, BigQuery and DuckDB read them (day=2026-11-01/); outermost first, of type STRING, INT64, BOOL or DATE. They are not in the files themselves. Only where the files are the result.")]
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>MiB sent in one request of an upload; as much memory is held for each upload under way.</summary>
    [Description("MiB sent in one request of an upload; as much memory is held for each upload under way.")]
    [Range(1, 256)]
    public int ChunkMib { get; init; } = 8;
}

/// <summary>Where manifests, receipts and the pipeline's state are kept.</summary>
public sealed record GcsStateOptions
{
    /// <summary>The bucket's name.</summary>
    [Description("The bucket's name.")]
    [RegularExpression(GcsNames.Bucket, ErrorMessage = GcsNames.BucketMessage)]
    public required string Bucket { get; init; }

    /// <summary>What the documents' names start with.</summary>
    [Description("What the documents' names start with, such as etl-state/.")]
    [StringLength(512)]
    public string Prefix { get; init; } = "";
}

/// <summary>https://cloud.google.com/storage/docs/buckets#naming</summary>
internal static class GcsNames
{
    public const string Bucket = "^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$";
    public const string BucketMessage = "A bucket name has 3 to 222 lower-case letters, digits, dots, hyphens and underscores, with no gs:// before it and no path after it.";
}
