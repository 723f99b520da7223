using System.Globalization;
using System.Text;
using CsCheck;
using Etl.Csv.Values.Formats;

namespace Etl.Csv.Tests.Values.Formats;

public sealed class NumberTextTests
{
    [Fact]
    public void WhatDotNetWritesInAnyCultureIsReadBack() =>
        Gen.Select(AnyOf.These((".", ","), (",", "."), (",", " "), (".", "'"), (",", "\u00A0")), Gen.Decimal[-999_999_999_999m, 999_999_999_999m], Gen.Int[0, 9]).Sample((signs, number, digits) =>
        {
            var format = new NumberFormatInfo { NumberDecimalSeparator = signs.Item1, NumberGroupSeparator = signs.Item2, NumberNegativePattern = 1 };
            number = Math.Round(number, digits);
            Assert.Equal(number, Read(new NumberText(signs.Item1, signs.Item2, null), number.ToString("N" + digits, format)));
            Assert.Equal(number, Read(new NumberText(signs.Item1, signs.Item2, null), number.ToString(format)));
        }, iter: TestSize.Of(20_000));

    [Theory]
    [InlineData("¥1,234", "1234")]
    [InlineData("-¥1,234", "-1234")]
    [InlineData("¥-1,234", "-1234")]
    [InlineData("￥１，２３４", "1234")]
    [InlineData("1,234円", "1234")]
    [InlineData("(1,234.50)", "-1234.50")]
    [InlineData("(¥1,234)", "-1234")]
    [InlineData("△1,234", "-1234")]
    [InlineData("▲ 1,234", "-1234")]
    [InlineData("−5", "-5")]
    [InlineData("US$ 12", "12")]
    [InlineData(" 12 ", "12")]
    [InlineData("12.50%", "12.50")]
    [InlineData("1,23", null)]
    [InlineData("1234,567", null)]
    [InlineData("12,34,567", null)]
    [InlineData("1,234,", null)]
    [InlineData(",123", null)]
    [InlineData("--5", null)]
    [InlineData("(-5)", null)]
    [InlineData("¥", null)]
    [InlineData("", null)]
    [InlineData("1.2.3", null)]
    public void AKnownTextReadsAsItShould(string text, string? expected) =>
        Assert.Equal(expected is null ? null : decimal.Parse(expected, CultureInfo.InvariantCulture), Read(new NumberText(".", ",", ["¥", "円", "$", "US$", "%"]), text));

    [Fact]
    public void NoTextMakesItThrow() => Gen.Byte.Array[0, 300].Sample(text =>
    {
        Span<byte> room = stackalloc byte[NumberText.MaxLength];
        _ = new NumberText(",", ".", ["¥"]).TryRewrite(text, room, out _);
    }, iter: TestSize.Of(20_000));

    private static decimal? Read(NumberText numbers, string text)
    {
        Span<byte> room = stackalloc byte[NumberText.MaxLength];
        return numbers.TryRewrite(Encoding.UTF8.GetBytes(text), room, out var plain) && decimal.TryParse(plain, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value : null;
    }
}
