using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Etl.LocalCloud.Storage;

/// <summary>CRC32C (Castagnoli, RFC 3720) of bytes as they come.</summary>
internal sealed class Crc32C
{
    private uint crc = uint.MaxValue;

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) crc = BitOperations.Crc32C(crc, word);
        foreach (var one in bytes[(words.Length * sizeof(ulong))..]) crc = BitOperations.Crc32C(crc, one);
    }

    /// <summary>The checksum of what was added, big-endian, as both clouds write it.</summary>
    public byte[] Finish()
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~crc);
        return bytes;
    }
}
