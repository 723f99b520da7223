using System.Globalization;
using Etl.Core.Schemas;

namespace Etl.Core.Statistics;

/// <summary>The order of values that are written as text.</summary>
internal static class ValueOrder
{
    private static readonly Comparer<string> Doubles = Comparer<string>.Create((a, b) => double.Parse(a, CultureInfo.InvariantCulture).CompareTo(double.Parse(b, CultureInfo.InvariantCulture)));
    private static readonly Comparer<string> Decimals = Comparer<string>.Create(CompareDecimals);

    /// <summary>The order of a type's values; those of dates and times is that of their text.</summary>
    public static IComparer<string> Of(ColumnType type) => type switch
    {
        ColumnType.Int64 or ColumnType.Numeric or ColumnType.BigNumeric => Decimals,
        ColumnType.Float64 => Doubles,
        _ => StringComparer.Ordinal,
    };

    // Exact for as many digits as there are, which no number of .NET holds.
    private static int CompareDecimals(string a, string b)
    {
        var (minusA, minusB) = (a.StartsWith('-'), b.StartsWith('-'));
        if (minusA != minusB) return minusA ? -1 : 1;
        var size = CompareSizes(minusA ? a[1..] : a, minusB ? b[1..] : b);
        return minusA ? -size : size;
    }

    private static int CompareSizes(string a, string b)
    {
        var (pointA, pointB) = (a.IndexOf('.', StringComparison.Ordinal), b.IndexOf('.', StringComparison.Ordinal));
        var digits = (pointA < 0 ? a.Length : pointA).CompareTo(pointB < 0 ? b.Length : pointB);
        return digits != 0 ? digits : string.CompareOrdinal(a, b);
    }
}
