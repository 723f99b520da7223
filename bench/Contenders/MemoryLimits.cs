using System.Numerics;
using System.Runtime.InteropServices;

namespace Etl.Bench.Contenders;

/// <summary>What no parser can beat on this machine: bytes read, and nothing done with them.</summary>
internal static class MemoryLimits
{
    /// <summary>Adds up the bytes of a stream, block by block, as from a file in the page cache.</summary>
    public static Scanned ReadFile(Stream content)
    {
        var block = new byte[1 << 18];
        var seen = default(Scanned);
        for (int read; (read = content.Read(block)) > 0;)
            seen.TextLength += Add(block.AsSpan(0, read));
        return seen;
    }

    /// <summary>Adds up bytes that are in memory already.</summary>
    public static Scanned ReadMemory(byte[] bytes) => new() { TextLength = Add(bytes) };

    private static long Add(ReadOnlySpan<byte> bytes)
    {
        var sum = Vector<ulong>.Zero;
        foreach (var vector in MemoryMarshal.Cast<byte, Vector<ulong>>(bytes))
            sum += vector;
        return (long)Vector.Sum(sum);
    }
}
