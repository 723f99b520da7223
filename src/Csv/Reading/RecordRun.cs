using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Etl.Csv.Columns;

namespace Etl.Csv.Reading;

/// <summary>Records that follow one another and lie alike in a reader's <see cref="RecordIndex"/>: where a field of each is takes no search. Good until the reader reads on.</summary>
/// <param name="ends">The index.</param>
/// <param name="first">The first record's first entry.</param>
/// <param name="stride">Entries from one record to the next.</param>
/// <param name="fields">Fields of a record.</param>
/// <param name="rows">Records.</param>
internal readonly struct RecordRun(int[] ends, int first, int stride, int fields, int rows)
{
    private const ulong Places = (ulong)int.MaxValue << 32 | int.MaxValue;

    /// <summary>How many records there are.</summary>
    public int Rows => rows;

    /// <summary>The entry after the last record's.</summary>
    public int EndBase => first + rows * stride;

    /// <summary>Its first records.</summary>
    public RecordRun To(int count) => new(ends, first, stride, fields, count);

    /// <summary>Where a record starts in the block, and where it ends, its line break aside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Start, int End) Span(int row) => (Place(row, 0), Place(row, fields) - 1);

    /// <summary>Where the text of a record's field is.</summary>
    public FieldSlot Slot(int row, int field) => FieldSlot.Raw(Place(row, field), Length(row, field));

    /// <summary>The bytes of a record's field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Length(int row, int field) => Place(row, field + 1) - 1 - Place(row, field);

    /// <summary>Where the text of one field of every record is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(int field, Span<FieldSlot> slots)
    {
        ref var entry = ref ends[first + field];
        ref var slot = ref MemoryMarshal.GetReference(slots[..rows]);
        for (var row = 0; row < rows; row++)
        {
            // This entry and the one after it, where the text starts and one byte behind its end.
            var places = Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<int, byte>(ref entry)) & Places;
            Unsafe.Add(ref slot, row) = FieldSlot.Raw((int)places, (int)(places >> 32) - 1 - (int)places);
            entry = ref Unsafe.Add(ref entry, stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(int row, int field) => RecordIndex.PlaceOf(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(ends), first + row * stride + field));
}
