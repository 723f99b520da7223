namespace Etl.Csv.Values;

/// <summary>The parts of a plain decimal number: <c>-</c>, digits, a point and digits. A leading zero before other digits, a plus sign, a bare point at the end and an exponent are not plain.</summary>
internal readonly ref struct DecimalText
{
    /// <summary>Whether there is a minus.</summary>
    public bool Negative { get; private init; }

    /// <summary>The digits before the point; none when there is only a zero.</summary>
    public ReadOnlySpan<byte> Whole { get; private init; }

    /// <summary>The digits after the point, without zeros at the end.</summary>
    public ReadOnlySpan<byte> Fraction { get; private init; }

    /// <summary>Whether there is a point.</summary>
    public bool HasPoint { get; private init; }

    /// <summary>Splits all of <paramref name="text"/>, spaces around it aside.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> text, out DecimalText parts)
    {
        parts = default;
        text = AsciiText.Trim(text);
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            text = text[1..];
        var whole = 0;
        while (whole < text.Length && AsciiText.IsDigit(text[whole]))
            whole++;
        if (whole > 1 && text[0] == '0')
            return false;
        var hasPoint = whole < text.Length;
        ReadOnlySpan<byte> fraction = default;
        if (hasPoint)
        {
            if (text[whole] != '.' || whole + 1 == text.Length)
                return false;
            fraction = text[(whole + 1)..];
            foreach (var b in fraction)
            {
                if (!AsciiText.IsDigit(b))
                    return false;
            }
            fraction = fraction.TrimEnd((byte)'0');
        }
        else if (whole == 0)
        {
            return false;
        }
        parts = new DecimalText
        {
            Negative = negative,
            Whole = whole == 1 && text[0] == '0' ? default : text[..whole],
            Fraction = fraction,
            HasPoint = hasPoint,
        };
        return true;
    }
}
