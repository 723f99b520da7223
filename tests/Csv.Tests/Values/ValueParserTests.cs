using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Etl.Csv.Values;

namespace Etl.Csv.Tests.Values;

/// <summary>The typed parsers, against .NET's own.</summary>
public sealed class ValueParserTests
{
    private static readonly Gen<string> Noise = AnyOf.These("0", "1", "9", "-", ".", "e", "E", "+", " ", "00", "12", "x", ":", "/").Array[0, 12].Select(p => string.Concat(p));

    [Fact]
    public void IntegersAreDotNets() => Gen.OneOf(Gen.Long.Select(l => l.ToString(CultureInfo.InvariantCulture)), Noise).Sample(text =>
    {
        var parsed = IntegerParser.TryParse(Utf8(text), out var value);
        var expected = long.TryParse(text.Trim(' '), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && IsPlain(text.Trim(' '));
        Assert.Equal((expected, expected ? number : 0), (parsed, parsed ? value : 0));
    }, iter: 50_000);

    [Fact]
    public void DoublesAreDotNetsToTheBit() => Gen.OneOf(
        Gen.Double.Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
        Gen.Decimal.Select(d => d.ToString(CultureInfo.InvariantCulture)),
        Gen.Select(Gen.Long[-99_999, 99_999], Gen.Int[-30, 30]).Select((m, e) => $"{m}e{e}"),
        Noise).Sample(text =>
    {
        if (!FloatParser.TryParse(Utf8(text), out var value) || !double.IsFinite(value))
            return;
        Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(value));
    }, iter: 50_000);

    [Fact]
    public void EveryFiniteDoubleIsRead() => Gen.Double.Where(double.IsFinite).Sample(d =>
    {
        Assert.True(FloatParser.TryParse(Utf8(d.ToString("R", CultureInfo.InvariantCulture)), out var value));
        Assert.Equal(d, value);
    }, iter: 20_000);

    [Fact]
    public void NumericIsExactOrRefused() => Decimals(32, 12).Sample(text =>
    {
        var (digits, scale) = Exact(text);
        var fits = scale <= 9 && BigInteger.Abs(digits) * BigInteger.Pow(10, Math.Max(0, 9 - scale)) < BigInteger.Pow(10, 38);
        Assert.Equal(fits, NumericParser.TryParse(Utf8(text), out var value));
        if (fits)
            Assert.Equal(digits * BigInteger.Pow(10, 9 - scale), (BigInteger)value);
    }, iter: 50_000);

    [Fact]
    public void BigNumericIsExactOrRefused() => Decimals(41, 41).Sample(text =>
    {
        var (digits, scale) = Exact(text);
        var fits = scale <= 38 && digits * BigInteger.Pow(10, Math.Max(0, 38 - scale)) is var scaled && scaled >= -(BigInteger.One << 255) && scaled < BigInteger.One << 255;
        Assert.Equal(fits, BigNumericParser.TryParse(Utf8(text), out var value));
        if (fits)
            Assert.Equal(digits * BigInteger.Pow(10, 38 - scale), new BigInteger(MemoryMarshal.AsBytes(new ReadOnlySpan<Int256>(in value))));
    }, iter: 50_000);

    [Fact]
    public void DatesAreDotNets() => Gen.Select(Gen.Int[0, 9999], Gen.Int[0, 13], Gen.Int[0, 32], Gen.Bool).Sample((y, m, d, slash) =>
    {
        var text = slash ? $"{y:0000}/{m}/{d}" : $"{y:0000}-{m:00}-{d:00}";
        var expected = DateOnly.TryParseExact(text, slash ? "yyyy/M/d" : "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        Assert.Equal(expected, CalendarParser.TryParseDate(Utf8(text), out var days));
        if (expected)
            Assert.Equal(date.DayNumber - new DateOnly(1970, 1, 1).DayNumber, days);
    }, iter: 50_000);

    [Fact]
    public void InstantsAreDotNets() => Gen.Select(Gen.DateTime, Gen.Int[-14 * 60, 14 * 60]).Sample((when, minutes) =>
    {
        var offset = TimeSpan.FromMinutes(minutes);
        if (when.Year is < 2 or > 9998)
            return;
        var instant = new DateTimeOffset(DateTime.SpecifyKind(when, DateTimeKind.Unspecified), offset);
        Assert.True(CalendarParser.TryParseTimestamp(Utf8(instant.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture)), out var micros));
        Assert.Equal(Math.Floor((instant.UtcTicks - DateTime.UnixEpoch.Ticks) / 10m), micros);
    }, iter: 50_000);

    [Theory]
    [InlineData("2024-01-31T10:00:00.1234567", false)]
    [InlineData("2024-01-31T10:00:00.1234560", true)]
    [InlineData("2024-01-31 10:00", true)]
    [InlineData("2024/1/31 9:05", true)]
    [InlineData("2024-01-31T9:05", false)]
    [InlineData("2024-01-31T25:00:00", false)]
    [InlineData("2024-01-31T10:00:00.", false)]
    [InlineData("2024-01-31T10:00:60", false)]
    [InlineData("2024-01-31", false)]
    public void DateTimesAreNeverCut(string text, bool fits) => Assert.Equal(fits, CalendarParser.TryParseDateTime(Utf8(text), out _));

    [Theory]
    [InlineData("NaN", true)]
    [InlineData("-Infinity", true)]
    [InlineData("1e999", false)]
    [InlineData("0x10", false)]
    [InlineData("1,5", false)]
    [InlineData("1.", false)]
    [InlineData(".5", true)]
    [InlineData(" 1.5 ", true)]
    [InlineData("-", false)]
    [InlineData("", false)]
    public void FloatsAreStrict(string text, bool fits) => Assert.Equal(fits, FloatParser.TryParse(Utf8(text), out _));

    private static Gen<string> Decimals(int whole, int fraction) =>
        Gen.Select(Gen.Bool, Digits(whole), Digits(fraction)).Select((negative, w, f) =>
            (negative ? "-" : "") + (w.TrimStart('0') is { Length: > 0 } some ? some : "0") + (f.Length > 0 ? "." + f : ""));

    private static Gen<string> Digits(int most) => Gen.Char['0', '9'].Array[0, most].Select(c => new string(c));

    private static (BigInteger Digits, int Scale) Exact(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        var whole = point < 0 ? text : text[..point];
        return (BigInteger.Parse(whole + fraction, CultureInfo.InvariantCulture) is var n && n.IsZero ? 0 : n, fraction.Length);
    }

    private static bool IsPlain(string text)
    {
        var digits = text.StartsWith('-') ? text[1..] : text;
        return !text.StartsWith('+') && (digits.Length == 1 || !digits.StartsWith('0')) && text.AsSpan().IndexOf(' ') < 0;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
