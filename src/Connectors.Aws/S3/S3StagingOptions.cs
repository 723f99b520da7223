using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Contracts;

namespace Etl.Connectors.Aws.S3;

/// <summary>A bucket to write into, and how to reach it. Credentials are never here: they come from the AWS SDK's chain.</summary>
public abstract record S3Target : IS3Address
{
    /// <inheritdoc/>
    [Description("The bucket's name.")]
    [RegularExpression(S3Names.Bucket, ErrorMessage = S3Names.BucketMessage)]
    public required string Bucket { get; init; }

    /// <summary>What every key starts with.</summary>
    [Description("What every key starts with, such as orders/.")]
    [StringLength(512)]
    public string Prefix { get; init; } = "";

    /// <inheritdoc/>
    [Description("The bucket's region, such as ap-northeast-1. From AWS_REGION or the profile when left out.")]
    [RegularExpression("^[a-z0-9-]+$", ErrorMessage = "A region looks like ap-northeast-1.")]
    public string? Region { get; init; }

    /// <inheritdoc/>
    [Description("A profile of ~/.aws/config to sign in with. The default credential chain when left out.")]
    public string? Profile { get; init; }

    /// <inheritdoc/>
    [Description("The address of an S3-compatible server that knows conditional writes. Amazon's own when left out (or AWS_ENDPOINT_URL_S3).")]
    public Uri? Endpoint { get; init; }

    /// <inheritdoc/>
    [Description("Put the bucket in the path, not in the host name. Always so with an endpoint of your own.")]
    public bool PathStyle { get; init; }
}

/// <summary>Where staged files go, and how they are written.</summary>
public sealed record S3StagingOptions : S3Target, IPartitioning
{
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
    [Description("MiB sent in one request of an upload; as much memory is held for each upload under way. S3 takes 10,000 of them for a file.")]
    [Range(5, 256)]
    public int ChunkMib { get; init; } = 8;
}

/// <summary>Where manifests, receipts and the pipeline's state are kept.</summary>
public sealed record S3StateOptions : S3Target;
