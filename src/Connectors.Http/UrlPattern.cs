using System.Globalization;
using System.Text.RegularExpressions;

namespace Etl.Connectors.Http;

/// <summary>URLs with <c>{1..12}</c> and <c>{a,b}</c> in them, as a shell's brace expansion.</summary>
internal static partial class UrlPattern
{
    private const int Most = 10_000;

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Problem(string pattern)
    {
        var count = 1L;
        foreach (Match brace in Braces().Matches(pattern))
        {
            count *= Math.Max(1, Count(brace));
            if (count > Most) return $"a URL stands for more than {Most:N0} files; list fewer";
        }

        foreach (var url in Expand(pattern).Take(Most))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return "a URL starts with https:// or http:// and a host";
            if (uri.UserInfo.Length > 0) return "a URL holds a user or a password, which would stand in logs; say what signs in under authorization";
        }

        return null;
    }

    /// <summary>The URLs, in the order written.</summary>
    public static IEnumerable<string> Expand(string pattern)
    {
        var brace = Braces().Match(pattern);
        if (!brace.Success) return [pattern];
        var (before, after) = (pattern[..brace.Index], pattern[(brace.Index + brace.Length)..]);
        return Choices(brace).SelectMany(choice => Expand(after).Select(rest => before + choice + rest));
    }

    private static long Count(Match brace) => brace.Groups["from"].Success ? Math.Abs(Number(brace, "to") - Number(brace, "from")) + 1 : brace.Groups["words"].Value.Split(',').Length;

    private static IEnumerable<string> Choices(Match brace)
    {
        if (!brace.Groups["from"].Success) return brace.Groups["words"].Value.Split(',');
        var (from, to) = (Number(brace, "from"), Number(brace, "to"));
        var width = brace.Groups["from"].Value.StartsWith('0') ? brace.Groups["from"].Length : 1;
        return Enumerable.Range(0, (int)Math.Abs(to - from) + 1).Select(i => (from + (to < from ? -i : i)).ToString("D" + width.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    private static long Number(Match brace, string group) => long.Parse(brace.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(?:(?<from>\d{1,9})\.\.(?<to>\d{1,9})|(?<words>[^{},]+(?:,[^{},]+)+))\}", RegexOptions.CultureInvariant)]
    private static partial Regex Braces();
}
