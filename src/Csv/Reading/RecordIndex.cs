using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CsvHelper;

namespace Etl.Csv.Reading;

/// <summary>
/// Where the records and fields of a reader are: CsvHelper's own index, of which its public methods give one record and one field a call, checks and all. A fifth of a scan and more is saved by
/// reading it whole. It is private there, so the package's version is pinned to the one this was written for, and a test holds it against the public methods.
/// </summary>
internal static class RecordIndex
{
    // The reader indexes as many bytes at a time; what is left of a block at its end it reads another way.
    private const int VectorBytes = 64;

    /// <summary>The record's index: field i goes from <see cref="PlaceOf"/> entry i to one byte, the delimiter, before that of entry i + 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<int> Of(CsvReader record) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Ends(record)), FieldBase(record)), record.FieldCount + 1);

    /// <summary>A place in the reader's buffer. The first bit of an entry says that the field before it has to be decoded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PlaceOf(int entry) => entry & int.MaxValue;

    /// <summary>The next records that lie alike: they have <paramref name="fields"/> fields and the same line end, and nothing is wrong with their quotes. The reader stays where it is.</summary>
    /// <param name="reader">The reader; what it reads is all in memory.</param>
    /// <param name="fields">Fields of a record, two at least: the reader passes over lines that are empty.</param>
    /// <param name="most">The most records.</param>
    public static RecordRun Ahead(CsvReader reader, int fields, int most)
    {
        if (RowIndex(reader) == RowCount(reader) && !Fill(reader))
            return default;
        while (RowCount(reader) - RowIndex(reader) < most && DataEnd(reader) - ScanPos(reader) >= VectorBytes)
            ScanAvailable(reader);
        var rowEnds = RowEnds(reader).AsSpan(RowIndex(reader)..RowCount(reader));
        var first = RowBase(reader);
        // CR LF ends a record twice, which the first bit says.
        var stride = PlaceOf(rowEnds[0]) - first;
        if (stride - (rowEnds[0] >>> 31) != fields)
            return default;
        var rows = 1;
        most = Math.Min(most, rowEnds.Length);
        while (rows < most && rowEnds[rows] == rowEnds[rows - 1] + stride)
            rows++;
        var run = new RecordRun(Ends(reader), first, stride, fields, rows);
        while (run.Rows > 0 && PlaceOf(Ends(reader)[first + run.Rows * stride]) > NextBadPos(reader))
            run = run.To(run.Rows - 1);
        return run;
    }

    /// <summary>Passes over the first records that are ahead.</summary>
    public static void Pass(CsvReader reader, RecordRun run)
    {
        RowIndex(reader) += run.Rows;
        RowBase(reader) = run.EndBase;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "ends")]
    private static extern ref int[] Ends(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "fieldBase")]
    private static extern ref int FieldBase(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rowEnds")]
    private static extern ref int[] RowEnds(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rowIndex")]
    private static extern ref int RowIndex(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rowCount")]
    private static extern ref int RowCount(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "rowBase")]
    private static extern ref int RowBase(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "nextBadPos")]
    private static extern ref int NextBadPos(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "dataEnd")]
    private static extern ref int DataEnd(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "scanPos")]
    private static extern ref int ScanPos(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Fill")]
    private static extern bool Fill(CsvReader reader);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ScanAvailable")]
    private static extern void ScanAvailable(CsvReader reader);
}
