using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace Etl.Core.Memory;

/// <summary>Native memory to write an array's values into, and then to hand to the array: the next array's values are written where a disposed one's were.</summary>
/// <typeparam name="T">A value as Arrow lays it out.</typeparam>
public sealed class BatchBuffer<T> : IDisposable
    where T : unmanaged
{
    private MemoryBlock? block;

    /// <summary>Room for <paramref name="length"/> values, which are undefined.</summary>
    public BatchBuffer(int length)
    {
        block = MemoryBlocks.Rent(checked(length * Unsafe.SizeOf<T>()));
        Length = length;
    }

    /// <summary>How many values there are.</summary>
    public int Length { get; private set; }

    /// <summary>The values.</summary>
    /// <exception cref="ObjectDisposedException">They were handed to an array.</exception>
    public Span<T> Span => MemoryMarshal.Cast<byte, T>(Owned().Bytes)[..Length];

    /// <summary>Makes room for more, which are undefined.</summary>
    public void Grow(int length)
    {
        var bytes = checked(length * Unsafe.SizeOf<T>());
        if (bytes > Owned().Capacity)
        {
            var larger = MemoryBlocks.Rent(bytes);
            MemoryMarshal.AsBytes(Span).CopyTo(larger.Bytes);
            Dispose();
            block = larger;
        }
        Length = length;
    }

    /// <summary>The values as an array's, which frees them when it is disposed. There are none here afterwards.</summary>
    public ArrowBuffer Build()
    {
        var owner = Owned().Use(Length * Unsafe.SizeOf<T>());
        block = null;
        return Own(owner);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable?)block)?.Dispose();
        block = null;
    }

    private MemoryBlock Owned()
    {
        ObjectDisposedException.ThrowIf(block is null, this);
        return block;
    }

    // Public constructors take memory that nobody frees, and public builders copy.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern ArrowBuffer Own(IMemoryOwner<byte> owner);
}
