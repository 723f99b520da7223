using Etl.Runner.Display;
using Xunit;

namespace Etl.Runner.Tests.Display;

public sealed class CellTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData(" x", "\" x\"")]
    [InlineData("NULL", "\"NULL\"")]
    [InlineData("a\tb\r\nc", "a␉b␍␊c")]
    [InlineData("\u001b[31mred", "␛[31mred")]
    [InlineData("a\u202eb", "a‹202E›b")]
    [InlineData("a\u00a0b", "a‹00A0›b")]
    [InlineData("\ufeffid", "‹FEFF›id")]
    public void WhatCannotBeSeenIsShown(string value, string shown) => Assert.Equal(shown, CellText.Of(value, 40));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("日本語の文", 10, "日本語の文")]
    [InlineData("日本語の文", 9, "日本語の…")]
    [InlineData("日本語の文", 8, "日本語…")]
    public void LongTextIsCutBetweenLettersAndWideOnesCountTwice(string value, int cells, string shown)
    {
        Assert.Equal(shown, CellText.Of(value, cells));
        Assert.True(CellText.Width(shown) <= cells);
    }

    [Fact]
    public void AVeryLongFieldIsCutWithoutBeingLookedAtWhole() => Assert.Equal(20, CellText.Width(CellText.Of(new string('\u0001', 10_000_000), 20)));
}
