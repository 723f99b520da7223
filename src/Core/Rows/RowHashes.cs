using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Etl.Core.Rows;

/// <summary>Hashes of the values that rows have in some columns, 128 bits (XXH3, https://github.com/Cyan4973/xxHash): of 10 million different rows, two have the same one once in 10^24 times.</summary>
public static class RowHashes
{
    // Nobody outside the process knows it, so that nobody can write two different values with one hash. What follows from equal hashes is the same with any seed.
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private static readonly UInt128 MissingHash = XxHash128.HashToUInt128("a missing value"u8, ~Seed);

    /// <summary>One hash a row: equal where all values are equal, in columns of the same types and the same process. A missing value equals a missing value and no other; zero equals minus zero.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="hashes">As many as the columns have rows.</param>
    public static void Of(IReadOnlyList<IArrowArray> columns, Span<UInt128> hashes)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (hashes.IsEmpty) return;
        for (var i = 0; i < columns.Count; i++) Add(columns[i], hashes, isFirst: i == 0);
    }

    private static void Add(IArrowArray column, Span<UInt128> hashes, bool isFirst)
    {
        var data = column.Data;
        switch (column)
        {
            case StringArray texts:
                var ends = texts.ValueOffsets;
                var bytes = texts.Values;
                for (var row = 0; row < hashes.Length; row++) Set(ref hashes[row], texts.IsNull(row) ? MissingHash : Hash(bytes[ends[row]..ends[row + 1]]), isFirst);
                break;
            case BooleanArray flags:
                for (var row = 0; row < hashes.Length; row++) Set(ref hashes[row], flags.GetValue(row) is not { } flag ? MissingHash : Hash(flag ? [1] : [0]), isFirst);
                break;
            case DoubleArray numbers:
                for (var row = 0; row < hashes.Length; row++) Set(ref hashes[row], numbers.GetValue(row) is not { } number ? MissingHash : Hash(Bytes(Canonical(number))), isFirst);
                break;
            default:
                var width = ((FixedWidthType)data.DataType).BitWidth / 8;
                var values = data.Buffers[1].Span[(data.Offset * width)..];
                for (var row = 0; row < hashes.Length; row++) Set(ref hashes[row], column.IsNull(row) ? MissingHash : Hash(values.Slice(row * width, width)), isFirst);
                break;
        }
    }

    private static UInt128 Hash(ReadOnlySpan<byte> value) => XxHash128.HashToUInt128(value, Seed);

    private static void Set(ref UInt128 hash, UInt128 value, bool isFirst) => hash = isFirst ? value : Hash(MemoryMarshal.AsBytes((ReadOnlySpan<UInt128>)[hash, value]));

    private static double Canonical(double number) => double.IsNaN(number) ? double.NaN : number == 0 ? 0 : number;

    private static ReadOnlySpan<byte> Bytes(in double number) => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in number, 1));
}
