using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Memory;

namespace Etl.Sql;

/// <summary>Decimals of 256 bits that passed through DuckDB as bytes.</summary>
internal static class BigNumericResult
{
    private const int Width = 32;

    /// <summary>The decimals of <paramref name="pieces"/>, one after another.</summary>
    /// <exception cref="Core.Errors.DataException">The query made bytes of its own.</exception>
    public static IArrowArray Of(string transform, IReadOnlyList<BinaryArray> pieces, IArrowType type)
    {
        var length = pieces.Sum(p => p.Length);
        using var values = new BatchBuffer<byte>(length * Width);
        using var valid = new BatchBuffer<byte>((length + 7) / 8);
        values.Span.Clear();
        valid.Span.Clear();
        int row = 0, nulls = 0;
        foreach (var piece in pieces)
            for (var i = 0; i < piece.Length; i++, row++)
            {
                if (piece.IsNull(i))
                {
                    nulls++;
                    continue;
                }
                var bytes = piece.GetBytes(i);
                if (bytes.Length != Width)
                    throw SqlErrors.Bytes(transform);
                bytes.CopyTo(values.Span[(row * Width)..]);
                valid.Span[row / 8] |= (byte)(1 << (row % 8));
            }
        return new Decimal256Array(new ArrayData(type, length, nulls, 0, [valid.Build(), values.Build()]));
    }
}
