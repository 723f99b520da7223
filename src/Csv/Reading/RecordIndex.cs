using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CsvHelper;

namespace Etl.Csv.Reading;

/// <summary>
/// Where the fields of a reader's record are: CsvHelper's own index, of which its public methods give one field a call, checks and all. A tenth and more of a scan is saved by reading it whole.
/// It is private there, so the package's version is pinned to the one this was written for, and a test holds it against the public methods.
/// </summary>
internal static class RecordIndex
{
    /// <summary>The record's index: field i goes from <see cref="PlaceOf"/> entry i to one byte, the delimiter, before that of entry i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<int> Of(CsvReader record) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Ends(record)), FieldBase(record)), record.FieldCount + 1);

    /// <summary>A place in the reader's buffer. The first bit of an entry says that the field before it has to be decoded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PlaceOf(int entry) => entry & int.MaxValue;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "ends")]
    private static extern ref int[] Ends(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "fieldBase")]
    private static extern ref int FieldBase(CsvReader reader);
}
