using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Etl.Csv.Columns;
using Etl.Csv.Values;

namespace Etl.Csv.Tests.Values;

/// <summary>Parsers that load whole words and vectors read what those do that go byte by byte, whatever stands after the field.</summary>
public sealed partial class WideReadTests
{
    private static readonly Gen<string> Noise = AnyOf.These("0", "1", "9", "-", ".", ",", " ", "00", "12", ":", "/", "T", "Z", "+", "é").Array[0, 12].Select(p => string.Concat(p));
    private static readonly Gen<string> Number = Gen.Select(AnyOf.These("", "-"), Digits(1, 12), AnyOf.These("", "."), Digits(0, 11)).Select((sign, whole, point, fraction) => sign + whole + point + (point.Length > 0 ? fraction : ""));
    private static readonly Gen<string> Instant = Gen.Select(Gen.DateTime, AnyOf.These("yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss.fffZ", "yyyy-MM-ddTHH:mm:sszzz", "yyyy/M/d HH:mm")).Select((at, format) => at.ToString(format, CultureInfo.InvariantCulture));

    private static readonly Gen<string> AlmostInstant = Gen.Select(Instant, Gen.Int[0, 24], AnyOf.These("0", "1", "3", "6", "9", "-", "/", ":", ";", "T", "t", " ", "Z", "z")).Select((text, at, other) => at < text.Length ? text[..at] + other + text[(at + 1)..] : text);
    private static readonly Gen<string> Plain = Gen.Select(AnyOf.These("", "-"), Gen.Int[0, 999_999], Gen.Int[0, 6], Digits(9, 9)).Select((sign, whole, places, fraction) => $"{sign}{whole}{(places > 0 ? "." + fraction[..places] : "")}");

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

    [Fact]
    public void FourWholeNumbers() => SameOfFour<long, Int64Field>(IntegerParser.TryParse, PlainWhole());

    [Fact]
    public void FourDecimals() => SameOfFour<Int128, NumericField>(NumericParser.TryParse, PlainDecimal());

    private static void SameOfFour<T, TParser>(Parser<T> narrow, Regex plain) where T : struct where TParser : struct, IFieldParser<T>
    {
        Assert.SkipUnless(DigitLanes.AreSupported, "This machine has no vectors of 64 bytes that DigitLanes could read.");
        var texts = Gen.OneOf(Plain.Array[DigitLanes.Count], Gen.OneOf(Plain, Plain, Number, Noise).Array[DigitLanes.Count]);
        Gen.Select(texts, AnyOf.These(",", "", "1", "-"), Gen.Bool).Sample((fields, between, side) =>
        {
            byte[] block = [.. fields.SelectMany(f => Encoding.UTF8.GetBytes(f + between)), .. new byte[FieldText.Padding]];
            var slots = new FieldSlot[fields.Length];
            for (var (i, start) = (0, 0); i < fields.Length; start += Encoding.UTF8.GetByteCount(fields[i] + between), i++)
                slots[i] = side ? FieldSlot.Side(start, Encoding.UTF8.GetByteCount(fields[i]), quoted: true) : FieldSlot.Raw(start, Encoding.UTF8.GetByteCount(fields[i]));
            var values = new T[fields.Length];
            var read = TParser.TryParseLanes(new FieldText(block, block, quote: -1), slots.AsSpan(), 0, ref values[0]);
            Assert.True(read || side || between is not "," || !fields.All(plain.IsMatch), string.Join('|', fields));
            for (var i = 0; read && i < fields.Length; i++)
                Assert.Equal((true, values[i]), (narrow(Encoding.UTF8.GetBytes(fields[i]), out var value), value));
        }, iter: 100_000);
    }

    [GeneratedRegex(@"^(?=.{1,15}$)-?(0|[1-9]\d*)$")]
    private static partial Regex PlainWhole();

    [GeneratedRegex(@"^(?=.{1,15}$)(?=[^.]{1,7}(\.|$))-?(0|[1-9]\d*)(\.\d{1,9})?$")]
    private static partial Regex PlainDecimal();

    private static void SameOf<T>(WideParser<T> wide, Parser<T> narrow) => Gen.Select(Gen.OneOf(Number, Instant, AlmostInstant, Noise), Gen.OneOf(Number, Noise)).Sample((text, after) =>
    {
        var field = Encoding.UTF8.GetBytes(text);
        byte[] block = [.. field, .. Encoding.UTF8.GetBytes(after), .. new byte[FieldText.Padding]];
        var expected = narrow(field, out var value);
        Assert.Equal((expected, expected ? value : default), (wide(in block[0], field.Length, out var read), expected ? read : default));
    }, iter: 200_000);

    private static Gen<string> Digits(int least, int most) => Gen.Char['0', '9'].Array[least, most].Select(c => new string(c));
}
