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
    /// <summary>How many records there are.</summary>
    public int Rows => rows;

    /// <summary>The entry after the last record's.</summary>
    public int EndBase => first + rows * stride;

    /// <summary>Its first records.</summary>
    public RecordRun To(int count) => new(ends, first, stride, fields, count);

    /// <summary>Where a record starts in the block, and where it ends, its line break aside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Start, int End) Span(int row) => (Place(row, 0), Place(row, fields) - 1);

    /// <summary>Where one field of every record is.</summary>
    public FieldColumn Column(int field) => FieldColumn.OfIndex(ends, first + field, stride, rows);

    /// <summary>The bytes of a record's field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Length(int row, int field) => Place(row, field + 1) - 1 - Place(row, field);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(int row, int field) => RecordIndex.PlaceOf(Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(ends), first + row * stride + field));
}
