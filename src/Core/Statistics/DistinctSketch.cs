using System.IO.Compression;
using System.Numerics;

namespace Etl.Core.Statistics;

/// <summary>
/// About how many different values were seen, in two kilobytes whatever their number: HyperLogLog (Flajolet et al., 2007) with 2,048 registers, a standard error of
/// 2.3 %, by Ertl's estimator (arXiv:1702.01284, algorithm 6). Sketches of parts merge into that of the whole.
/// </summary>
internal sealed class DistinctSketch
{
    private const int Bits = 11;
    private const int Size = 1 << Bits;
    private const int Ranks = 64 - Bits;
    private readonly byte[] registers = new byte[Size];

    /// <summary>Takes note of a value by its hash, whose bits must be as good as random.</summary>
    public void Add(ulong hash)
    {
        var index = (int)(hash >> Ranks);
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        if (rank > registers[index]) registers[index] = rank;
    }

    /// <summary>A number's hash: the finalizer of MurmurHash3.</summary>
    public static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value *= 0xff51afd7ed558ccd;
        value ^= value >> 33;
        value *= 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }

    /// <summary>The estimate.</summary>
    public long Estimate()
    {
        Span<int> counts = stackalloc int[Ranks + 2];
        foreach (var register in registers) counts[register]++;
        if (counts[0] == Size) return 0;
        var z = Size * Tau(1 - (double)counts[Ranks + 1] / Size);
        for (var k = Ranks; k > 0; k--) z = (z + counts[k]) / 2;
        z += Size * Sigma((double)counts[0] / Size);
        return (long)Math.Round(Size / (2 * Math.Log(2)) * Size / z);
    }

    /// <summary>Takes over what another sketch, packed, has seen. False when it is none.</summary>
    public bool Merge(ReadOnlySpan<byte> packed)
    {
        Span<byte> other = stackalloc byte[Size];
        if (!BrotliDecoder.TryDecompress(packed, other, out var written) || written != Size || other.ContainsAnyExceptInRange((byte)0, (byte)(Ranks + 1))) return false;
        for (var i = 0; i < Size; i++)
            if (other[i] > registers[i]) registers[i] = other[i];
        return true;
    }

    /// <summary>The registers, compressed: a few bytes for few values, under a kilobyte for many.</summary>
    public byte[] Pack()
    {
        var room = new byte[BrotliEncoder.GetMaxCompressedLength(Size)];
        BrotliEncoder.TryCompress(registers, room, out var written, quality: 5, window: Bits);
        return room[..written];
    }

    private static double Sigma(double x)
    {
        if (x == 1) return double.PositiveInfinity;
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1) return 0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y /= 2;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }
}
