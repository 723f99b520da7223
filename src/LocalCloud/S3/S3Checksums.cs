using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Etl.LocalCloud.Identity;
using Etl.LocalCloud.Storage;

namespace Etl.LocalCloud.S3;

/// <summary>The checksums that a client announces for a body, in a header or after the body in a trailer (https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html). CRC64NVME is taken as sent.</summary>
internal sealed class S3Checksums : IDisposable
{
    private const string Prefix = "x-amz-checksum-";
    private readonly List<(string Name, string? Given, Sum Sum)> announced = [];

    private delegate void Adding(ReadOnlySpan<byte> bytes);

    /// <summary>Those that <paramref name="request"/> announces.</summary>
    public static S3Checksums Of(S3Request request)
    {
        var checksums = new S3Checksums();
        foreach (var (name, value) in request.Signed.Headers) checksums.Announce(name, value);
        foreach (var name in (request.Header("x-amz-trailer") ?? "").Split(',')) checksums.Announce(name.Trim().ToLowerInvariant(), null);
        return checksums;
    }

    /// <summary>Adds bytes of the body.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var (_, _, sum) in announced) sum.Add(bytes);
    }

    /// <summary>Holds what was announced against what was added.</summary>
    /// <exception cref="AwsRefusedException">They differ, or an announced trailer did not come.</exception>
    public void Check(IReadOnlyDictionary<string, string> trailers)
    {
        foreach (var (name, header, sum) in announced)
        {
            var given = header ?? trailers.GetValueOrDefault(name)
                ?? throw new AwsRefusedException("MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.", 400);
            if (given != Convert.ToBase64String(sum.Finish()))
                throw new AwsRefusedException("BadDigest", $"The {name[Prefix.Length..].ToUpperInvariant()} you specified did not match the calculated checksum.", 400);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, sum) in announced) sum.Hash?.Dispose();
    }

    private void Announce(string name, string? given)
    {
        if (name.StartsWith(Prefix, StringComparison.Ordinal) && SumOf(name[Prefix.Length..]) is { } sum) announced.Add((name, given, sum));
    }

    private static Sum? SumOf(string algorithm)
    {
        switch (algorithm)
        {
            case "crc32":
                var crc32 = new Crc32();
                return new Sum(crc32.Append, () =>
                {
                    var bytes = new byte[sizeof(uint)];
                    BinaryPrimitives.WriteUInt32BigEndian(bytes, crc32.GetCurrentHashAsUInt32());
                    return bytes;
                });
            case "crc32c":
                var crc32c = new Crc32C();
                return new Sum(crc32c.Add, crc32c.Finish);
            case "sha1" or "sha256":
                var hash = IncrementalHash.CreateHash(algorithm == "sha1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
                return new Sum(hash.AppendData, hash.GetHashAndReset, hash);
            default:
                return null;
        }
    }

    private sealed record Sum(Adding Add, Func<byte[]> Finish, IDisposable? Hash = null);
}
