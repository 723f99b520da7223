using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.S3;

/// <summary>A request to S3, verified.</summary>
/// <param name="Context">The HTTP request.</param>
/// <param name="Signed">Its signed parts.</param>
/// <param name="By">Who signed it.</param>
/// <param name="PayloadHash">What the signature says of the body.</param>
/// <param name="Bucket">The bucket, empty for the service itself.</param>
/// <param name="Key">The key, empty for the bucket itself.</param>
internal sealed record S3Request(HttpContext Context, SignedRequest Signed, SignedBy By, string PayloadHash, string Bucket, string Key)
{
    /// <summary>Aborted when the client goes.</summary>
    public CancellationToken Cancel => Context.RequestAborted;

    /// <summary>A query parameter, or null.</summary>
    public string? Parameter(string name) => Signed.Parameter(name);

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Signed.Headers.GetValueOrDefault(name);
}
