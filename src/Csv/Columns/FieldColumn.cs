using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Csv.Columns;

/// <summary>Where the fields of one column are, row by row: as slots, or in an index of where the fields of every record end.</summary>
internal readonly ref struct FieldColumn
{
    // The first bits of an index's entries mean something else there.
    private const ulong IndexPlaces = (ulong)int.MaxValue << 32 | int.MaxValue;
    private readonly ref readonly byte first;
    private readonly nint stride;
    private readonly ulong places;

    private FieldColumn(ref readonly byte first, nint stride, ulong places, int rows)
    {
        this.first = ref first;
        (this.stride, this.places, Rows) = (stride, places, rows);
    }

    /// <summary>How many there are.</summary>
    public int Rows { get; }

    /// <summary>At least as many bytes as the fields have, where that is told without adding them up.</summary>
    public int? MostBytes => places == IndexPlaces && Rows > 0 ? this[Rows - 1].Start + this[Rows - 1].Length - this[0].Start : null;

    /// <summary>One after another.</summary>
    public static implicit operator FieldColumn(ReadOnlySpan<FieldSlot> slots) => new(in Unsafe.As<FieldSlot, byte>(ref MemoryMarshal.GetReference(slots)), Unsafe.SizeOf<FieldSlot>(), ulong.MaxValue, slots.Length);

    /// <inheritdoc cref="op_Implicit(ReadOnlySpan{FieldSlot})"/>
    public static implicit operator FieldColumn(Span<FieldSlot> slots) => (ReadOnlySpan<FieldSlot>)slots;

    /// <summary>Those of an index: an entry says where a field starts, and the next one, one byte behind its end, where the next field does.</summary>
    /// <param name="ends">The index.</param>
    /// <param name="first">The entry of the first row's field.</param>
    /// <param name="stride">Entries from one row to the next.</param>
    /// <param name="rows">Rows.</param>
    public static FieldColumn OfIndex(int[] ends, int first, int stride, int rows) => new(in Unsafe.As<int, byte>(ref ends[first]), stride * sizeof(int), IndexPlaces, rows);

    /// <summary>The field of one of the rows.</summary>
    public FieldSlot this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => FieldSlot.Of(Unsafe.ReadUnaligned<ulong>(in Unsafe.AddByteOffset(ref Unsafe.AsRef(in first), row * stride)) & places);
    }

    /// <summary>The fields of four rows that follow one another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Four(int row, out FieldSlot a, out FieldSlot b, out FieldSlot c, out FieldSlot d)
    {
        ref var at = ref Unsafe.AddByteOffset(ref Unsafe.AsRef(in first), row * stride);
        a = FieldSlot.Of(Unsafe.ReadUnaligned<ulong>(in at) & places);
        at = ref Unsafe.AddByteOffset(ref at, stride);
        b = FieldSlot.Of(Unsafe.ReadUnaligned<ulong>(in at) & places);
        at = ref Unsafe.AddByteOffset(ref at, stride);
        c = FieldSlot.Of(Unsafe.ReadUnaligned<ulong>(in at) & places);
        at = ref Unsafe.AddByteOffset(ref at, stride);
        d = FieldSlot.Of(Unsafe.ReadUnaligned<ulong>(in at) & places);
    }
}
