using System.Text;

namespace Etl.Csv.Values.Formats;

/// <summary>Turns a date pattern such as <c>yyyy/MM/dd H:mm</c> into its pieces. The letters are .NET's; text stands in quotes, or as it is when it is no ASCII letter.</summary>
internal static class PatternCompiler
{
    private const string Letters = "yMdgHhmsfFtzKZT";

    /// <summary>The pieces.</summary>
    /// <exception cref="FormatException">The pattern has a mistake; the message says which, for whoever wrote it.</exception>
    public static PatternToken[] Compile(string pattern)
    {
        pattern = FullWidth.Fold(pattern);
        var tokens = new List<PatternToken>();
        var literal = new StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            var c = pattern[i];
            if (c is '\'' or '"')
            {
                var end = pattern.IndexOf(c, i + 1);
                if (end < 0)
                    throw new FormatException($"the quote at character {i + 1} is never closed");
                literal.Append(pattern, i + 1, end - i - 1);
                i = end + 1;
            }
            else if (c == '\\' && i + 1 < pattern.Length)
            {
                literal.Append(pattern[i + 1]);
                i += 2;
            }
            else if (!char.IsAsciiLetter(c) || c == 'T')
            {
                literal.Append(c);
                i++;
            }
            else if (Letters.Contains(c, StringComparison.Ordinal))
            {
                var count = 1;
                while (i + count < pattern.Length && pattern[i + count] == c)
                    count++;
                AddToken(tokens, literal, c, count);
                i += count;
            }
            else
            {
                throw new FormatException($"{c} means nothing in a date; write text in quotes, as in yyyy'{c}'");
            }
        }
        Flush(tokens, literal);
        PatternRules.Check(tokens);
        return [.. tokens];
    }

    private static void AddToken(List<PatternToken> tokens, StringBuilder literal, char letter, int count)
    {
        if (letter == 'F')
        {
            var point = literal.Length > 0 && literal[^1] is '.' or ',' ? literal[^1] : (char?)null;
            if (point is not null)
                literal.Length--;
            Flush(tokens, literal);
            tokens.Add(new PatternToken(PatternPart.OptionalFraction, 0, count, point is { } p ? [(byte)p] : null));
            return;
        }
        Flush(tokens, literal);
        var least = count >= 2 ? 2 : 1;
        tokens.Add((letter, count) switch
        {
            ('y', 4) => new(PatternPart.Year, 4, 4),
            ('y', _) when tokens.Exists(t => t.Part == PatternPart.Era) && count <= 2 => new(PatternPart.EraYear),
            ('y', 2) => new(PatternPart.ShortYear, 2, 2),
            ('y', 1) => throw new FormatException("y stands alone; write yyyy, yy, or gg before it for a Japanese era"),
            ('M', <= 2) => new(PatternPart.Month, least, 2),
            ('M', <= 4) => new(PatternPart.MonthName),
            ('d', <= 2) => new(PatternPart.Day, least, 2),
            ('d', <= 4) => new(PatternPart.DayName),
            ('g', <= 2) => new(PatternPart.Era),
            ('H', <= 2) => new(PatternPart.Hour, least, 2),
            ('h', <= 2) => new(PatternPart.HalfHour, least, 2),
            ('m', <= 2) => new(PatternPart.Minute, least, 2),
            ('s', <= 2) => new(PatternPart.Second, least, 2),
            ('f', <= 9) => new(PatternPart.Fraction, count, count),
            ('t', <= 2) => new(PatternPart.Half),
            ('z', <= 3) or ('K', 1) or ('Z', 1) => new(PatternPart.Zone),
            _ => throw new FormatException($"{new string(letter, count)} means nothing in a date"),
        });
    }

    private static void Flush(List<PatternToken> tokens, StringBuilder literal)
    {
        if (literal.Length > 0)
            tokens.Add(new PatternToken(PatternPart.Literal, Literal: Encoding.UTF8.GetBytes(literal.ToString())));
        literal.Clear();
    }
}
