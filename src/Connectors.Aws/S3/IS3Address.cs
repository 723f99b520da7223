namespace Etl.Connectors.Aws.S3;

/// <summary>Where a bucket is and how to reach it.</summary>
public interface IS3Address
{
    /// <summary>The bucket's name.</summary>
    string Bucket { get; }

    /// <summary>The bucket's region.</summary>
    string? Region { get; }

    /// <summary>A profile of the AWS configuration files.</summary>
    string? Profile { get; }

    /// <summary>The address of a server that speaks S3's protocol.</summary>
    Uri? Endpoint { get; }

    /// <summary>Put the bucket in the path rather than the host name. Always so with an endpoint.</summary>
    bool PathStyle { get; }
}

/// <summary>https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html</summary>
internal static class S3Names
{
    public const string Bucket = "^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$";
    public const string BucketMessage = "A bucket name has 3 to 63 letters, digits, dots and hyphens, with no s3:// before it and no path after it.";
}
