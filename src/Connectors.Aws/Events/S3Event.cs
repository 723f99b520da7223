namespace Etl.Connectors.Aws.Events;

/// <summary>Something that happened to an object of S3.</summary>
/// <param name="Name">What, as the notification calls it, such as <c>ObjectCreated:Put</c>.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key.</param>
/// <param name="BringsObject">Whether there is an object to read since: it was created, or is restored from an archive.</param>
public sealed record S3Event(string Name, string Bucket, string Key, bool BringsObject)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{Name} of s3://{Bucket}/{Key}";
}
