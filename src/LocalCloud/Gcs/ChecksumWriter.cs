using System.Security.Cryptography;
using Etl.LocalCloud.Storage;

namespace Etl.LocalCloud.Gcs;

/// <summary>Takes MD5 and CRC32C of bytes as they are written.</summary>
internal sealed class ChecksumWriter : IDisposable
{
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly Crc32C crc = new();

    /// <summary>The checksums of a file.</summary>
    public static async Task<Checksums> OfFileAsync(string path, CancellationToken cancel)
    {
        using var writer = new ChecksumWriter();
        var file = File.OpenRead(path);
        await using var _ = file.ConfigureAwait(false);
        var buffer = new byte[256 << 10];
        int read;
        while ((read = await file.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0) writer.Add(buffer.AsSpan(0, read));
        return writer.Finish();
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        md5.AppendData(bytes);
        crc.Add(bytes);
    }

    /// <summary>The checksums of what was added.</summary>
    public Checksums Finish() => new(Convert.ToBase64String(md5.GetHashAndReset()), Convert.ToBase64String(crc.Finish()));

    public void Dispose() => md5.Dispose();
}
