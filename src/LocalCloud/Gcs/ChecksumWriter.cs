using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Etl.LocalCloud.Gcs;

/// <summary>Takes MD5 and CRC32C of bytes as they are written.</summary>
internal sealed class ChecksumWriter : IDisposable
{
    private readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private uint crc = uint.MaxValue;

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
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var one in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, one);
    }

    /// <summary>The checksums of what was added.</summary>
    public Checksums Finish()
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return new Checksums(Convert.ToBase64String(md5.GetHashAndReset()), Convert.ToBase64String(bytes));
    }

    public void Dispose() => md5.Dispose();
}
