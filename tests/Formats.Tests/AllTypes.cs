using System.Globalization;
using System.Numerics;
using Apache.Arrow;
using Etl.Core.Schemas;

using Etl.Testing;
namespace Etl.Formats.Tests;

/// <summary>A table of every column type, with the edges of each and what DuckDB shows for them.</summary>
internal static class AllTypes
{
    public const long LastMicrosecond = 253402300799999999;
    public const long FirstMicrosecond = -62135596800000000;

    public static TableSchema Schema { get; } = new([
        new("id", ColumnType.Int64, Nullable: false),
        new("i", ColumnType.Int64),
        new("f", ColumnType.Float64),
        new("n", ColumnType.Numeric),
        new("b", ColumnType.Bool),
        new("d", ColumnType.Date),
        new("dt", ColumnType.DateTime),
        new("ts", ColumnType.Timestamp),
        new("t", ColumnType.Time),
        new("s", ColumnType.String),
        new("nothing", ColumnType.String),
    ]);

    /// <summary>The rows as DuckDB casts them to VARCHAR in UTC.</summary>
    public static string?[][] Expected { get; } = [
        ["1", "9223372036854775807", "1.7976931348623157e+308", "99999999999999999999999999999.999999999", "true", "9999-12-31", "9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999+00", "23:59:59.999999", "plain", null],
        ["2", "-9223372036854775808", "-5e-324", "-99999999999999999999999999999.999999999", "false", "0001-01-01", "0001-01-01 00:00:00", "0001-01-01 00:00:00+00", "00:00:00", "", null],
        ["3", null, null, null, null, null, null, null, null, null, null],
        ["4", "0", "0.1", "0.000000001", "true", "1970-01-01", "1970-01-01 00:00:00", "1970-01-01 00:00:00+00", "00:00:00.000001", "a \"quoted\", text\r\nof two lines\tand \\ a tab", null],
        ["5", "-1", "-0.0", "-1.500000000", "false", "1969-12-31", "1969-12-31 23:59:59.999999", "1969-12-31 23:59:59.999999+00", "12:34:56", "日本語 😀 é\u0001", null],
        ["6", "42", "inf", "123456789.000000000", "true", "2024-02-29", "2024-02-29 12:00:00.5", "2024-02-29 12:00:00.5+00", "01:02:03.04", " spaces ", null],
        ["7", "7", "0.3333333333333333", "0.000000000", "true", "2000-01-01", "2000-01-01 00:00:00", "2000-01-01 00:00:00+00", "23:00:00", "NULL", null],
    ];

    public static RecordBatch Batch()
    {
        long?[] i = [long.MaxValue, long.MinValue, null, 0, -1, 42, 7];
        double?[] f = [double.MaxValue, -double.Epsilon, null, 0.1, -0.0, double.PositiveInfinity, 1 / 3.0];
        string?[] n = ["99999999999999999999999999999999999999", "-99999999999999999999999999999999999999", null, "1", "-1500000000", "123456789000000000", "0"];
        bool?[] b = [true, false, null, true, false, true, true];
        int?[] d = [2932896, -719162, null, 0, -1, 19782, 10957];
        long?[] dt = [LastMicrosecond, FirstMicrosecond, null, 0, -1, 1709208000500000, 946684800000000];
        long?[] t = [86399999999, 0, null, 1, 45296000000, 3723040000, 82800000000];
        var s = Expected.Select(r => r[9]);
        return Batches.Of(
            Schema,
            Batches.Int64([1, 2, 3, 4, 5, 6, 7]),
            Batches.Int64(i),
            Batches.Float64(f),
            Batches.Decimal(ColumnType.Numeric, [.. n.Select(x => x is null ? (BigInteger?)null : BigInteger.Parse(x, CultureInfo.InvariantCulture))]),
            Batches.Bool(b),
            Batches.Fixed(ColumnType.Date, d),
            Batches.Fixed(ColumnType.DateTime, dt),
            Batches.Fixed(ColumnType.Timestamp, dt),
            Batches.Fixed(ColumnType.Time, t),
            Batches.Text([.. s]),
            Batches.Text(new string?[7]));
    }
}
