using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>CRC32C (RFC 3720, appendix B.4), which Cloud Storage keeps of every object.</summary>
internal struct Crc32c()
{
    private uint state = uint.MaxValue;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var b in bytes[(words.Length * sizeof(ulong))..]) state = BitOperations.Crc32C(state, b);
    }

    /// <summary>Base64 of the big-endian value, as Cloud Storage writes it.</summary>
    public readonly string Base64
    {
        get
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, ~state);
            return Convert.ToBase64String(bytes);
        }
    }
}
