using System.Runtime.InteropServices;

namespace Etl.Core.Memory;

/// <summary>
/// Memory that blocks are cut from, kept while the process lives. Linux is asked to give it out in pages of 2 MiB: the first touch of each small page is a fault,
/// which in a virtual machine costs as much as parsing the page does.
/// </summary>
/// <param name="capacity">Its size in bytes. What is never cut takes no memory.</param>
internal sealed unsafe partial class MemoryReserve(int capacity)
{
    private const int LargePage = 2 << 20;
    // https://man7.org/linux/man-pages/man2/madvise.2.html
    private const int AdviseHugePages = 14;
    private readonly byte* start = Allocate(capacity);
    private long cut;

    /// <summary>A piece of it for good, or null when there is not enough left.</summary>
    /// <param name="bytes">Its size; a multiple of what it has to be aligned to.</param>
    public byte* TryCut(int bytes)
    {
        var end = Interlocked.Add(ref cut, bytes);
        if (end <= capacity)
            return start + end - bytes;
        Interlocked.Add(ref cut, -bytes);
        return null;
    }

    private static byte* Allocate(int capacity)
    {
        var memory = NativeMemory.AlignedAlloc((nuint)capacity, LargePage);
        // No more than advice: where it is not taken, pages are small.
        if (OperatingSystem.IsLinux())
            _ = Advise(memory, (nuint)capacity, AdviseHugePages);
        return (byte*)memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
