using System.Numerics;
using Apache.Arrow;
using Etl.Core.Schemas;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Testing;

/// <summary>A row for each edge of each column type, and what must be read back.</summary>
internal static class EveryType
{
    private const long FirstMicrosecond = -62135596800000000;
    private const long LastMicrosecond = 253402300799999999;
    private static readonly long?[] Instants = [LastMicrosecond, FirstMicrosecond, null, 0, -1, 1709208000500000];
    private static readonly string[] InstantTexts = ["9999-12-31 23:59:59.999999", "0001-01-01 00:00:00", "", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2024-02-29 12:00:00.5"];

    /// <summary>How many rows there are; the third has no value in any column but the first.</summary>
    public const int Rows = 6;

    /// <summary>A column called <c>id</c> that counts the rows from 1, and one for each type.</summary>
    public static TableSchema Schema(IReadOnlyList<ColumnType> types) =>
        new([new Column("id", ColumnType.Int64, Nullable: false), .. types.Select(t => new Column("a_" + t.SqlName().ToLowerInvariant(), t))]);

    /// <summary>Texts of STRING columns that readers and writers get wrong: quotes, line ends, none at all, blanks on both sides, what looks like another type.</summary>
    public static IReadOnlyList<string> Strings { get; } = ["a \"quoted\", text\r\nof two lines\tand \\ a tab", "", " 日本語 😀 é ", "2024-01-01T00:00:00+09:00", "NULL"];

    /// <summary>The rows.</summary>
    /// <param name="types">The types.</param>
    /// <param name="strings">What stands in STRING columns; null for <see cref="Strings"/>.</param>
    public static RecordBatch Batch(IReadOnlyList<ColumnType> types, IReadOnlyList<string>? strings = null) => Batches.Of(Schema(types), [Batches.Int64(1, 2, 3, 4, 5, 6), .. types.Select(t => Values(t, strings ?? Strings))]);

    /// <summary>What must be read back, in one spelling.</summary>
    public static IReadOnlyList<IReadOnlyList<string?>> Expected(IReadOnlyList<ColumnType> types, IReadOnlyList<string>? strings = null) =>
        [.. Enumerable.Range(0, Rows).Select(row => (IReadOnlyList<string?>)[(row + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), .. types.Select(t => row == 2 ? null : Texts(t, strings ?? Strings)[row])])];

    private static IArrowArray Values(ColumnType type, IReadOnlyList<string> strings) => type switch
    {
        ColumnType.Int64 => Batches.Int64(long.MaxValue, long.MinValue, null, 0, -1, 9007199254740993),
        ColumnType.Float64 => Batches.Float64(double.MaxValue, -double.Epsilon, null, 0.1, double.PositiveInfinity, 1 / 3.0),
        ColumnType.Numeric => Batches.Decimal(type, BigInteger.Pow(10, 38) - 1, 1 - BigInteger.Pow(10, 38), null, 1, -1_500_000_000, 0),
        ColumnType.BigNumeric => Batches.Decimal(type, (BigInteger.One << 255) - 1, -(BigInteger.One << 255), null, 1, BigInteger.Pow(10, 38) * 3 / 2, 0),
        ColumnType.Bool => Batches.Bool(true, false, null, true, false, true),
        ColumnType.Date => Batches.Fixed<int>(type, 2932896, -719162, null, 0, -1, 19782),
        ColumnType.DateTime or ColumnType.Timestamp => Batches.Fixed(type, Instants),
        ColumnType.Time => Batches.Fixed<long>(type, 86399999999, 0, null, 1, 45296000000, 3723040000),
        _ => Batches.Text([.. Texts(type, strings).Select((text, row) => row == 2 ? null : text)]),
    };

    private static string[] Texts(ColumnType type, IReadOnlyList<string> strings) => type switch
    {
        ColumnType.Int64 => ["9223372036854775807", "-9223372036854775808", "", "0", "-1", "9007199254740993"],
        ColumnType.Float64 => ["1.7976931348623157E+308", "-5E-324", "", "0.1", "Infinity", "0.3333333333333333"],
        ColumnType.Numeric => ["99999999999999999999999999999.999999999", "-99999999999999999999999999999.999999999", "", "0.000000001", "-1.5", "0"],
        ColumnType.BigNumeric =>
        [
            "578960446186580977117854925043439539266.34992332820282019728792003956564819967", "-578960446186580977117854925043439539266.34992332820282019728792003956564819968", "",
            "0.00000000000000000000000000000000000001", "1.5", "0",
        ],
        ColumnType.Bool => ["true", "false", "", "true", "false", "true"],
        ColumnType.Date => ["9999-12-31", "0001-01-01", "", "1970-01-01", "1969-12-31", "2024-02-29"],
        ColumnType.DateTime => InstantTexts,
        ColumnType.Timestamp => [.. InstantTexts.Select(t => t + "Z")],
        ColumnType.Time => ["23:59:59.999999", "00:00:00", "", "00:00:00.000001", "12:34:56", "01:02:03.04"],
        ColumnType.String => [.. Enumerable.Range(0, Rows).Select(row => row == 2 ? "" : strings[(row < 2 ? row : row - 1) % strings.Count])],
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Say what its edges are."),
    };
}
