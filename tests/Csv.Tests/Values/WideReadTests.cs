using System.Globalization;
using System.Text;
using CsCheck;
using Etl.Csv.Columns;
using Etl.Csv.Values;

namespace Etl.Csv.Tests.Values;

/// <summary>Parsers that load whole words and vectors read what those do that go byte by byte, whatever stands after the field.</summary>
public sealed class WideReadTests
{
    private static readonly Gen<string> Noise = AnyOf.These("0", "1", "9", "-", ".", ",", " ", "00", "12", ":", "/", "T", "Z", "+", "é").Array[0, 12].Select(p => string.Concat(p));
    private static readonly Gen<string> Number = Gen.Select(AnyOf.These("", "-"), Digits(1, 12), AnyOf.These("", "."), Digits(0, 11)).Select((sign, whole, point, fraction) => sign + whole + point + (point.Length > 0 ? fraction : ""));
    private static readonly Gen<string> Instant = Gen.Select(Gen.DateTime, AnyOf.These("yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fffZ", "yyyy-MM-ddTHH:mm:sszzz", "yyyy/M/d HH:mm")).Select((at, format) => at.ToString(format, CultureInfo.InvariantCulture));

    private delegate bool WideParser<T>(ref readonly byte text, int length, out T value);

    private delegate bool Parser<T>(ReadOnlySpan<byte> text, out T value);

    [Fact]
    public void WholeNumbers() => SameOf<long>(IntegerParser.TryParsePadded, IntegerParser.TryParse);

    [Fact]
    public void Decimals() => SameOf<Int128>(NumericParser.TryParsePadded, NumericParser.TryParse);

    [Fact]
    public void Days() => SameOf<int>(CalendarParser.TryParseDatePadded, CalendarParser.TryParseDate);

    [Fact]
    public void DaysAndTimes() => SameOf<long>(CalendarParser.TryParseDateTimePadded, CalendarParser.TryParseDateTime);

    [Fact]
    public void Instants() => SameOf<long>(CalendarParser.TryParseTimestampPadded, CalendarParser.TryParseTimestamp);

    private static void SameOf<T>(WideParser<T> wide, Parser<T> narrow) => Gen.Select(Gen.OneOf(Number, Instant, Noise), Gen.OneOf(Number, Noise)).Sample((text, after) =>
    {
        var field = Encoding.UTF8.GetBytes(text);
        byte[] block = [.. field, .. Encoding.UTF8.GetBytes(after), .. new byte[FieldText.Padding]];
        var expected = narrow(field, out var value);
        Assert.Equal((expected, expected ? value : default), (wide(in block[0], field.Length, out var read), expected ? read : default));
    }, iter: 200_000);

    private static Gen<string> Digits(int least, int most) => Gen.Char['0', '9'].Array[least, most].Select(c => new string(c));
}
