using System.Runtime.InteropServices;

namespace Etl.Csv.Columns;

/// <summary>Keeps the memory of finished batches in the process for the next ones.</summary>
internal static unsafe class NativeHeap
{
    // glibc hands memory back to the system at once until it has seen a large piece freed: from then on pieces up to that size, and twice
    // as much free memory at the end of the heap, stay. Without it every batch pays for fresh pages. Nothing is written, so nothing is used.
    private const int LargePiece = (32 << 20) - (64 << 10);
    private static int kept;

    /// <summary>Does so, once a process.</summary>
    public static void KeepPages()
    {
        if (Interlocked.Exchange(ref kept, 1) == 0)
            NativeMemory.Free(NativeMemory.Alloc(LargePiece));
    }
}
