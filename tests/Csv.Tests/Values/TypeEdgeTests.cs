using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Etl.Csv.Columns;
using Etl.Csv.Values;

namespace Etl.Csv.Tests.Values;

/// <summary>The parsers that fill the columns, at every edge of their types and beside .NET's own. <c>ETL_TEST_SIZE=100</c> makes it millions of values.</summary>
public sealed class TypeEdgeTests
{
    private static readonly Gen<long> Longs = Gen.OneOf(Gen.Long, Gen.Int.Select(i => (long)i), AnyOf.These(0, 1, -1, 9, 10, 99, 9_999_999, 10_000_000, 99_999_999, 100_000_000, long.MaxValue, long.MinValue, long.MaxValue - 1, long.MinValue + 1, 1L << 53, (1L << 53) + 1));

    [Theory]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("-9223372036854775809", false)]
    [InlineData("18446744073709551616", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("9007199254740993", true)]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("00", false)]
    [InlineData("-01", false)]
    [InlineData("1-", false)]
    [InlineData("--1", false)]
    [InlineData("1 2", false)]
    [InlineData("1:", false)]
    [InlineData("1/", false)]
    [InlineData("١", false)]
    public void Int64EndsWhereItEnds(string text, bool fits)
    {
        Assert.Equal(fits, Parse<long, Int64Field>(text, out var value));
        if (fits)
            Assert.Equal(long.Parse(text, CultureInfo.InvariantCulture), value);
    }

    [Fact]
    public void EveryInt64IsRead() => Longs.Sample(number =>
        Assert.Equal((true, number), (Parse<long, Int64Field>(number.ToString(CultureInfo.InvariantCulture), out var value), value)), iter: TestSize.Of(50_000));

    [Theory]
    [InlineData("1.7976931348623157E+308")]
    [InlineData("-1.7976931348623157E+308")]
    [InlineData("1.7976931348623158e308")]
    [InlineData("4.9406564584124654e-324")]
    [InlineData("5e-324")]
    [InlineData("2.2250738585072014E-308")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("2.4703282292062327e-324")]
    [InlineData("2.4703282292062328e-324")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992.5")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("0.1")]
    [InlineData("-0")]
    [InlineData("1e22")]
    [InlineData("1e23")]
    [InlineData("8.5e-22")]
    [InlineData("0.000000000000000000000000000000000000000000001e60")]
    public void Float64IsDotNetsToTheBit(string text)
    {
        Assert.True(Parse<double, Float64Field>(text, out var value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void EveryFloat64IsReadToTheBit() => Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite).Sample(number =>
    {
        // Every bit pattern, subnormals included.
        Assert.True(Parse<double, Float64Field>(number.ToString("R", CultureInfo.InvariantCulture), out var value));
        Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(value));
    }, iter: TestSize.Of(50_000));

    [Theory]
    [InlineData("99999999999999999999999999999.999999999", true)]
    [InlineData("-99999999999999999999999999999.999999999", true)]
    [InlineData("100000000000000000000000000000", false)]
    [InlineData("0.0000000001", false)]
    [InlineData("0.0000000010", true)]
    [InlineData("0.000000001000000000000000000000000", true)]
    [InlineData("-0.000000001", true)]
    [InlineData("1.", false)]
    [InlineData("1e5", false)]
    public void NumericEndsWhereItEnds(string text, bool fits)
    {
        Assert.Equal(fits, Parse<Int128, NumericField>(text, out var value));
        if (fits)
            Assert.Equal(Scaled(text, 9), (BigInteger)value);
    }

    [Theory]
    [InlineData("578960446186580977117854925043439539266.34992332820282019728792003956564819967", true)]
    [InlineData("578960446186580977117854925043439539266.34992332820282019728792003956564819968", false)]
    [InlineData("-578960446186580977117854925043439539266.34992332820282019728792003956564819968", true)]
    [InlineData("-578960446186580977117854925043439539266.34992332820282019728792003956564819969", false)]
    [InlineData("999999999999999999999999999999999999999.99999999999999999999999999999999999999", false)]
    [InlineData("-999999999999999999999999999999999999999.99999999999999999999999999999999999999", false)]
    [InlineData("1000000000000000000000000000000000000000", false)]
    [InlineData("-0", true)]
    [InlineData("0.00000000000000000000000000000000000001", true)]
    [InlineData("0.000000000000000000000000000000000000001", false)]
    public void BigNumericEndsWhereItEnds(string text, bool fits)
    {
        Assert.Equal(fits, Parse<Int256, BigNumericField>(text, out var value));
        Assert.Equal(fits, BigNumericParser.Fits(Encoding.UTF8.GetBytes(text)));
        if (fits)
            Assert.Equal(Scaled(text, 38), new BigInteger(MemoryMarshal.AsBytes(new ReadOnlySpan<Int256>(in value))));
    }

    [Fact]
    public void EveryDecimalThatFitsIsExact() => Gen.Select(Longs, Gen.Int[0, 9]).Sample((number, digits) =>
    {
        var text = number.ToString(CultureInfo.InvariantCulture).TrimStart('-').PadLeft(digits + 1, '0');
        text = (number < 0 ? "-" : "") + (digits == 0 ? text : $"{text[..^digits]}.{text[^digits..]}");
        Assert.True(Parse<Int128, NumericField>(text, out var value), text);
        Assert.Equal((BigInteger)number * BigInteger.Pow(10, 9 - digits), (BigInteger)value);
    }, iter: TestSize.Of(50_000));

    [Fact]
    public void EveryDayOfTheCalendarIsRead()
    {
        for (var day = 0; day <= DateOnly.MaxValue.DayNumber; day += TestSize.Of(1) > 1 ? 1 : 13)
        {
            var date = DateOnly.FromDayNumber(day);
            Assert.True(Parse<int, DateField>(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), out var days));
            Assert.Equal(day - 719_162, days);
        }
    }

    [Theory]
    [InlineData("0001-01-01", true)]
    [InlineData("9999-12-31", true)]
    [InlineData("0000-12-31", false)]
    [InlineData("2000-02-29", true)]
    [InlineData("1900-02-29", false)]
    [InlineData("2024-02-30", false)]
    [InlineData("2024-04-31", false)]
    [InlineData("2024-00-10", false)]
    [InlineData("2024-13-10", false)]
    [InlineData("2024-01-00", false)]
    [InlineData("2024-01-1", false)]
    [InlineData("10000-01-01", false)]
    public void DatesEndWhereTheyEnd(string text, bool fits) => Assert.Equal(fits, Parse<int, DateField>(text, out _));

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", -62_135_596_800_000_000)]
    [InlineData("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999)]
    [InlineData("0001-01-01T00:00:00+00:01", null)]
    [InlineData("9999-12-31T23:59:59-00:01", null)]
    [InlineData("0001-01-01T14:00:00+14:00", -62_135_596_800_000_000)]
    [InlineData("1970-01-01T00:00:00+14:00", -50_400_000_000)]
    [InlineData("1970-01-01T00:00:00-12:00", 43_200_000_000)]
    [InlineData("1969-12-31T23:59:59.999999Z", -1L)]
    [InlineData("1970-01-01T00:00:00.000001Z", 1L)]
    [InlineData("1970-01-01T00:00:00.0000001Z", null)]
    [InlineData("1970-01-01T24:00:00Z", null)]
    [InlineData("1970-01-01T00:00:60Z", null)]
    [InlineData("1970-01-01T00:00:00", null)]
    public void InstantsEndWhereTheyEnd(string text, long? micros) =>
        Assert.Equal(micros, Parse<long, TimestampField>(text, out var value) ? value : null);

    [Fact]
    public void EveryMicrosecondIsRead() => Gen.Long[DateTime.MinValue.Ticks / 10, DateTime.MaxValue.Ticks / 10].Select(m => new DateTime(m * 10)).Sample(when =>
    {
        var expected = (when.Ticks - DateTime.UnixEpoch.Ticks) / 10;
        foreach (var format in new[] { "yyyy-MM-ddTHH:mm:ss.ffffff", "yyyy-MM-dd HH:mm:ss.ffffff", "yyyy/M/d H:mm:ss.ffffff" })
            Assert.Equal((true, expected), (Parse<long, DateTimeField>(when.ToString(format, CultureInfo.InvariantCulture), out var value), value));
        Assert.Equal((true, expected), (Parse<long, TimestampField>(when.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture), out var instant), instant));
        Assert.Equal((true, when.TimeOfDay.Ticks / 10), (Parse<long, TimeField>(when.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture), out var time), time));
    }, iter: TestSize.Of(20_000));

    // As a column does: more bytes follow, and they must not matter.
    private static bool Parse<T, TParser>(string text, out T value) where TParser : struct, IFieldParser<T>
    {
        var bytes = Encoding.UTF8.GetBytes(text + new string('7', FieldText.Padding));
        return default(TParser).TryParse(in bytes[0], Encoding.UTF8.GetByteCount(text), out value);
    }

    private static BigInteger Scaled(string text, int scale)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        return BigInteger.Parse((point < 0 ? text : text[..point]) + fraction, CultureInfo.InvariantCulture) * BigInteger.Pow(10, scale - fraction.Length);
    }
}
