using Etl.Runner.Personal;
using Xunit;

namespace Etl.Runner.Tests.Personal;

public sealed class PersonalDataTests
{
    [Theory]
    [InlineData("ann@example.com", true)]
    [InlineData("ann+tag@mail.example.co.jp", true)]
    [InlineData("ann@localhost", false)]
    [InlineData("ann@@example.com", false)]
    [InlineData("see ann@example.com", false)]
    [InlineData("@example.com", false)]
    public void EmailAddresses(string text, bool expected) => Assert.Equal(expected, PersonalData.IsEmail(text));

    [Theory]
    [InlineData("4111111111111111", true)]
    [InlineData("4111 1111 1111 1111", true)]
    [InlineData("5555-5555-5555-4444", true)]
    [InlineData("378282246310005", true)]
    [InlineData("4111111111111112", false)]
    [InlineData("0000000000000000", false)]
    [InlineData("411111111111", false)]
    public void CardNumbersHaveLuhnsCheckDigit(string text, bool expected) => Assert.Equal(expected, PersonalData.IsCard(text));

    // 12345678901 gives 8: 1·6+2·5+3·4+4·3+5·2+6·7+7·6+8·5+9·4+0·3+1·2 = 212, 212 mod 11 = 3, 11 − 3 = 8.
    [Theory]
    [InlineData("123456789018", true)]
    [InlineData("1234 5678 9018", true)]
    [InlineData("123456789012", false)]
    [InlineData("000000000000", false)]
    [InlineData("12345678901", false)]
    public void MyNumbersHaveTheirCheckDigit(string text, bool expected) => Assert.Equal(expected, PersonalData.IsMyNumber(text));

    [Theory]
    [InlineData("03-1234-5678", true)]
    [InlineData("090-1234-5678", true)]
    [InlineData("(03) 1234-5678", true)]
    [InlineData("+81 90 1234 5678", true)]
    [InlineData("+1 (555) 010-9999", true)]
    [InlineData("2026-11-01", false)]
    [InlineData("0012345678", false)]
    [InlineData("12345", false)]
    public void TelephoneNumbersHaveGapsOrACountry(string text, bool expected) => Assert.Equal(expected, PersonalData.IsPhone(text));

    [Theory]
    [InlineData("first_name", "person's name")]
    [InlineData("氏名", "person's name")]
    [InlineData("zip", "postal code")]
    [InlineData("郵便番号", "postal code")]
    [InlineData("billing_address", "address")]
    [InlineData("date_of_birth", "date of birth")]
    [InlineData("name", null)]
    [InlineData("product_name", null)]
    [InlineData("ip_addresses", null)]
    [InlineData("shipped", null)]
    public void WhatOnlyANameTells(string column, string? expected) => Assert.Equal(expected, PersonalData.ByName(column));
}
