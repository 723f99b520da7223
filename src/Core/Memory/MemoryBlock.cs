using System.Buffers;
using System.Runtime.InteropServices;

namespace Etl.Core.Memory;

/// <summary>A piece of native memory that the values of one array live in. Disposed by the array that owns it, it goes back to <see cref="MemoryBlocks"/>; until then it stays.</summary>
internal sealed unsafe class MemoryBlock : MemoryManager<byte>
{
    // As Arrow recommends (https://arrow.apache.org/docs/format/Columnar.html#buffer-alignment-and-padding).
    private const int Alignment = 64;
    private void* start;
    private int used;

    /// <summary>Takes it from the reserve, or from the system when that is used up; what it holds is undefined.</summary>
    public MemoryBlock(int capacity, MemoryReserve? reserve)
    {
        start = reserve is null ? null : reserve.TryCut(capacity);
        IsReserved = start is not null;
        if (!IsReserved)
            start = NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        Capacity = capacity;
    }

    /// <summary>Whether it is of the reserve, and never given back to the system.</summary>
    public bool IsReserved { get; }

    /// <summary>Its size in bytes.</summary>
    public int Capacity { get; }

    /// <summary>All of it.</summary>
    public Span<byte> Bytes => new(start, Capacity);

    /// <summary>Says how much of it is an array's.</summary>
    public IMemoryOwner<byte> Use(int bytes)
    {
        used = bytes;
        return this;
    }

    /// <summary>Gives the memory back to the system.</summary>
    public void Free()
    {
        NativeMemory.AlignedFree(start);
        start = null;
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(start, used);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)start + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => MemoryBlocks.Return(this);
}
