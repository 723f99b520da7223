using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Pipelines;

namespace Etl.Connectors.Aws.S3;

/// <summary>Which objects of which bucket to read, and how to reach it. Credentials are never here: they come from the AWS SDK's chain.</summary>
public sealed record S3Options : IS3Address
{
    /// <summary>The bucket's name.</summary>
    [Description("The bucket's name.")]
    [RegularExpression(S3Names.Bucket, ErrorMessage = S3Names.BucketMessage)]
    public required string Bucket { get; init; }

    /// <summary>What every key starts with.</summary>
    [Description("What every key starts with, such as orders/2026/. Everything when left out.")]
    [StringLength(1024)]
    public string Prefix { get; init; } = "";

    /// <summary>A glob on the key after the prefix.</summary>
    [Description("A glob on the key after the prefix: * within a folder, ** across folders, ?, [abc], {csv,tsv}. Everything when left out.")]
    [StringLength(1024)]
    [KeyPattern(ErrorMessage = "The pattern is not a glob: look at its [sets], such as [a-z].")]
    public string? Pattern { get; init; }

    /// <summary>The bucket's region.</summary>
    [Description("The bucket's region, such as ap-northeast-1. From AWS_REGION or the profile when left out.")]
    [RegularExpression("^[a-z0-9-]+$", ErrorMessage = "A region looks like ap-northeast-1.")]
    public string? Region { get; init; }

    /// <summary>A profile of the AWS configuration files.</summary>
    [Description("A profile of ~/.aws/config to sign in with. The default credential chain when left out.")]
    public string? Profile { get; init; }

    /// <summary>The address of a server that speaks S3's protocol.</summary>
    [Description("The address of an S3-compatible server. Amazon's own when left out (or AWS_ENDPOINT_URL_S3).")]
    public Uri? Endpoint { get; init; }

    /// <summary>Put the bucket in the path rather than the host name. Always so with an endpoint.</summary>
    [Description("Put the bucket in the path, not in the host name. Always so with an endpoint of your own.")]
    public bool PathStyle { get; init; }

    /// <summary>Whether it is an error that no object matches.</summary>
    [Description("Whether it is an error that no object matches. Only a warning when left out.")]
    public bool Required { get; init; }
}
