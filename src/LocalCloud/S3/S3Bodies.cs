using System.Security.Cryptography;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.S3;

/// <summary>Writes a request's body to a file and holds it against everything the client said of it.</summary>
internal static class S3Bodies
{
    /// <summary>The body's MD5, which is the ETag of an object written at once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The file to make.</param>
    /// <param name="checksums">Whether the checksum headers are the body's; those of a completed multipart upload are the object's.</param>
    /// <exception cref="AwsRefusedException">The body is not what was signed or announced.</exception>
    public static async Task<byte[]> SaveAsync(S3Request request, string path, bool checksums = true)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        using var sums = checksums ? S3Checksums.Of(request) : null;
        var chunked = request.PayloadHash.StartsWith("STREAMING-", StringComparison.Ordinal)
            ? new AwsChunkedStream(
                request.Context.Request.Body, request.PayloadHash.StartsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", StringComparison.Ordinal) ? request.By : null, request.PayloadHash.EndsWith("-TRAILER", StringComparison.Ordinal))
            : null;
        var body = chunked ?? request.Context.Request.Body;
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            var buffer = new byte[128 << 10];
            int read;
            while ((read = await body.ReadAsync(buffer, request.Cancel).ConfigureAwait(false)) > 0)
            {
                sha256.AppendData(buffer, 0, read);
                md5.AppendData(buffer, 0, read);
                sums?.Add(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), request.Cancel).ConfigureAwait(false);
            }
        }

        var hash = md5.GetHashAndReset();
        if (request.PayloadHash.Length == 64 && Convert.ToHexStringLower(sha256.GetHashAndReset()) != request.PayloadHash)
            throw new AwsRefusedException("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.", 400);
        if (request.Header("content-md5") is { } announced && announced != Convert.ToBase64String(hash))
            throw new AwsRefusedException("BadDigest", "The Content-MD5 you specified did not match what we received.", 400);
        sums?.Check(chunked?.Trailers ?? new Dictionary<string, string>());
        return hash;
    }
}
