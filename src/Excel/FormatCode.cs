using System.Buffers;

namespace Etl.Excel;

/// <summary>Number format codes (ECMA-376 part 1, 18.8.31), as far as they tell dates and times from numbers.</summary>
internal static class FormatCode
{
    private static readonly SearchValues<char> ElapsedUnits = SearchValues.Create("hHmMsS");

    /// <summary>What a code shows of a number; its first section counts.</summary>
    public static ShownTime Shown(ReadOnlySpan<char> code)
    {
        var (date, time, elapsed) = (false, false, false);
        var before = ' ';
        var months = 0;
        for (var at = 0; at < code.Length && code[at] != ';'; at++)
        {
            var sign = char.ToLowerInvariant(code[at]);
            switch (sign)
            {
                case '"':
                    at = code[(at + 1)..].IndexOf('"') is >= 0 and var close ? at + 1 + close : code.Length;
                    break;
                case '\\' or '_' or '*':
                    at++;
                    break;
                case '[':
                    var end = code[at..].IndexOf(']');
                    if (end < 0) return ShownTime.None;
                    elapsed |= end > 1 && code[(at + 1)..(at + end)].IndexOfAnyExcept(ElapsedUnits) < 0;
                    before = elapsed ? 'h' : before;
                    at += end;
                    break;
                case 'a' when StartsWith(code[at..], "am/pm") || StartsWith(code[at..], "a/p"):
                    time = true;
                    at += StartsWith(code[at..], "am/pm") ? 4 : 2;
                    break;
                case 'e' when at + 1 < code.Length && code[at + 1] is '+' or '-':
                    return ShownTime.None;
                case 'g' when StartsWith(code[at..], "general"):
                    return ShownTime.None;
                case 'y' or 'd' or 'e' or 'g' or 'b' or 'a':
                    (date, before) = (true, sign);
                    break;
                case 'h':
                    (time, before) = (true, sign);
                    break;
                case 's':
                    // The months just before seconds were minutes.
                    if (before == 'm') months--;
                    (time, before) = (true, sign);
                    break;
                case 'm':
                    // After hours they are minutes, once.
                    if (before == 'h') before = ' ';
                    else if (before != 'm') (months, before) = (months + 1, 'm');
                    while (at + 1 < code.Length && char.ToLowerInvariant(code[at + 1]) == 'm') at++;
                    time |= before == ' ';
                    break;
            }
        }

        date |= months > 0;
        return elapsed && !date ? ShownTime.Elapsed : date && time ? ShownTime.DateTime : date ? ShownTime.Date : time ? ShownTime.Time : ShownTime.None;
    }

    private static bool StartsWith(ReadOnlySpan<char> code, string word) => code.StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
