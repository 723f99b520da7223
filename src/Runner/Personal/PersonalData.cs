using System.Text.RegularExpressions;

namespace Etl.Runner.Personal;

/// <summary>Tells values that are personal by what can be checked of them. It says no where it is not sure.</summary>
internal static partial class PersonalData
{
    private const int FewestDigits = 9;

    /// <summary>Whether a value can be any of what is looked for: what has neither an @ nor the digits of a number is none, and most values have not.</summary>
    public static bool MayBe(ReadOnlySpan<byte> utf8)
    {
        var digits = 0;
        foreach (var b in utf8)
        {
            if (char.IsAsciiDigit((char)b)) digits++;
        }

        return digits >= FewestDigits || utf8.Contains((byte)'@');
    }

    /// <summary>Whether a text is an e-mail address.</summary>
    public static bool IsEmail(string text) => text.Length <= 254 && Email.IsMatch(text);

    /// <summary>Whether a text is a telephone number as people write it: with + and a country, or from 0 on with gaps.</summary>
    public static bool IsPhone(string text) => text.Count(char.IsAsciiDigit) is >= FewestDigits and <= 15 && Phone.IsMatch(text);

    /// <summary>Whether a text is a telephone number by its digits alone, which only a column's name makes one.</summary>
    public static bool IsPhoneDigits(string text) => PhoneDigits.IsMatch(text);

    /// <summary>Whether a text is a payment card's number: 13 to 19 digits, the first as networks have them, with the check digit of ISO/IEC 7812-1 (Luhn).</summary>
    public static bool IsCard(string text)
    {
        if (!Card.IsMatch(text)) return false;
        var digits = text.Where(char.IsAsciiDigit).Select(c => c - '0').ToList();
        return digits.Count is >= 13 and <= 19 && digits[0] is >= 2 and <= 6 && Enumerable.Reverse(digits).Select((d, i) => i % 2 == 0 ? d : d * 2 > 9 ? (d * 2) - 9 : d * 2).Sum() % 10 == 0;
    }

    /// <summary>Whether a text is a Japanese individual number (My Number): 12 digits, the last the check digit of the Ministry's ordinance no. 85 of 2014, article 5.</summary>
    public static bool IsMyNumber(string text)
    {
        if (!TwelveDigits.IsMatch(text)) return false;
        var digits = text.Where(char.IsAsciiDigit).Select(c => c - '0').ToList();
        if (digits.Distinct().Count() == 1) return false;
        // Places are counted from the check digit leftwards.
        var rest = Enumerable.Range(1, 11).Sum(n => digits[11 - n] * (n <= 6 ? n + 1 : n - 5)) % 11;
        return digits[11] == (rest <= 1 ? 0 : 11 - rest);
    }

    /// <summary>What a column holds by its name, in the words of a finding; null when the name says nothing.</summary>
    public static string? ByName(string column) => Names.FirstOrDefault(n => n.Pattern.IsMatch(column)).What;

    /// <summary>Whether a column's name speaks of telephones.</summary>
    public static bool NamesPhone(string column) => PhoneName.IsMatch(column);

    private static readonly (Regex Pattern, string What)[] Names = [(PersonName, "person's name"), (PostalCode, "postal code"), (Address, "address"), (Birth, "date of birth")];

    [GeneratedRegex(@"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}$")]
    private static partial Regex Email { get; }

    [GeneratedRegex(@"^(\+[1-9][0-9 ().-]{7,20}|\(?0[0-9]{1,4}[-) ]{1,2}[0-9]{1,4}[- ][0-9]{3,4})$")]
    private static partial Regex Phone { get; }

    [GeneratedRegex(@"^0?[0-9]{9,10}$")]
    private static partial Regex PhoneDigits { get; }

    [GeneratedRegex(@"^[0-9]([ -]?[0-9]){12,18}$")]
    private static partial Regex Card { get; }

    [GeneratedRegex(@"^[0-9]{4}([ -]?[0-9]{4}){2}$")]
    private static partial Regex TwelveDigits { get; }

    [GeneratedRegex(@"(^|[_ .-])(tel|phone|telephone|mobile|fax)($|[_ .-]|no$|number$)|電話|携帯", RegexOptions.IgnoreCase)]
    private static partial Regex PhoneName { get; }

    [GeneratedRegex(@"^(first|last|full|given|family|middle|customer|user|person|contact|recipient)[_ .-]?name(_?kana)?$|^surname$|氏名|お名前|^姓$|^名$|フリガナ", RegexOptions.IgnoreCase)]
    private static partial Regex PersonName { get; }

    [GeneratedRegex(@"(^|[_ .-])(zip|zip[_ .-]?code|post[_ .-]?code|postal[_ .-]?code)$|郵便番号|〒", RegexOptions.IgnoreCase)]
    private static partial Regex PostalCode { get; }

    [GeneratedRegex(@"(^|[_ .-])(street|address|address[_ .-]?line[_ .-]?[0-9]|address[0-9])$|住所", RegexOptions.IgnoreCase)]
    private static partial Regex Address { get; }

    [GeneratedRegex(@"(^|[_ .-])(dob|birth[_ .-]?(date|day)|date[_ .-]?of[_ .-]?birth)$|生年月日|誕生日", RegexOptions.IgnoreCase)]
    private static partial Regex Birth { get; }
}
