using System.Numerics;

namespace Etl.Core.Memory;

/// <summary>
/// The process's free blocks. Batches are made by one thread and disposed by another, all about as large: the C library would keep free memory for each
/// thread, or pay the system for fresh pages; here it is kept once.
/// </summary>
internal static class MemoryBlocks
{
    // Between two powers of two there are four sizes, so that at most a fifth of a block is never used.
    private const int Steps = 4;
    private const int SmallestBits = 8;
    private const int LargestBits = 26;
    private const int ReservedBytes = 96 << 20;
    private const long KeptBytes = 32L << 20;
    private static readonly MemoryReserve Reserve = new(ReservedBytes);
    private static readonly Stack<MemoryBlock>[] Free = [.. Enumerable.Range(0, (LargestBits - SmallestBits) * Steps).Select(_ => new Stack<MemoryBlock>())];
    private static long free;

    /// <summary>A block of at least so many bytes, for the caller to dispose or hand on.</summary>
    public static MemoryBlock Rent(int bytes)
    {
        var (size, capacity) = SizeOf(bytes);
        if (size < Free.Length)
        {
            lock (Free[size])
            {
                if (Free[size].TryPop(out var block))
                {
                    if (!block.IsReserved)
                        Interlocked.Add(ref free, -capacity);
                    return block;
                }
            }
        }
        return new MemoryBlock(capacity, size < Free.Length ? Reserve : null);
    }

    /// <summary>Takes a block back.</summary>
    public static void Return(MemoryBlock block)
    {
        var (size, capacity) = SizeOf(block.Capacity);
        if (!block.IsReserved)
        {
            if (size >= Free.Length || Interlocked.Read(ref free) + capacity > KeptBytes)
            {
                block.Free();
                return;
            }
            Interlocked.Add(ref free, capacity);
        }
        lock (Free[size])
            Free[size].Push(block);
    }

    private static (int Index, int Capacity) SizeOf(int bytes)
    {
        var last = Math.Max(bytes, (1 << SmallestBits) + 1) - 1;
        var bits = BitOperations.Log2((uint)last);
        if (bits >= LargestBits)
            return (int.MaxValue, bytes);
        var step = (1 << bits) / Steps;
        var steps = last / step + 1;
        return ((bits - SmallestBits) * Steps + steps - Steps - 1, steps * step);
    }
}
