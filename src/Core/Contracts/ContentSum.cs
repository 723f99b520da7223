using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Etl.Core.Contracts;

/// <summary>How many bytes went by, and their CRC32C (RFC 3720, appendix B.4): what a <see cref="StagedFile"/> states of its content.</summary>
public sealed class ContentSum
{
    private uint state = uint.MaxValue;

    /// <summary>The sum of bytes that are all there.</summary>
    public static ContentSum Of(ReadOnlySpan<byte> bytes)
    {
        var sum = new ContentSum();
        sum.Append(bytes);
        return sum;
    }

    /// <summary>How many bytes there are so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Their CRC32C, base64 of the big-endian value.</summary>
    public string Crc32c
    {
        get
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, ~state);
            return Convert.ToBase64String(bytes);
        }
    }

    /// <summary>Adds the bytes that come next.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words) state = BitOperations.Crc32C(state, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var one in bytes[(words.Length * sizeof(ulong))..]) state = BitOperations.Crc32C(state, one);
    }
}
