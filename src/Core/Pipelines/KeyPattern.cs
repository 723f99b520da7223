using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.RegularExpressions;

namespace Etl.Core.Pipelines;

/// <summary>A glob on object keys. Unlike a file path, a key may hold <c>//</c>, <c>..</c> or a leading slash, and all of it counts.</summary>
/// <remarks><c>*</c> and <c>?</c> stay within a folder, <c>**/</c> is any number of folders (none too), <c>[a-z]</c> one of a set, <c>[!a-z]</c> one not of it, <c>{a,b}</c> either.</remarks>
public sealed class KeyPattern
{
    private static readonly char[] Wildcards = ['*', '?', '[', '{'];
    private readonly Regex? regex;

    /// <summary>Compiles <paramref name="glob"/>; null matches everything.</summary>
    public KeyPattern(string? glob)
    {
        if (string.IsNullOrEmpty(glob)) return;
        var wildcard = glob.IndexOfAny(Wildcards);
        LiteralPrefix = wildcard < 0 ? glob : glob[..wildcard];
        // Keys are anybody's: no pattern may take exponential time over one.
        regex = new Regex(Translate(glob), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    /// <summary>What every match starts with: it narrows the listing.</summary>
    public string LiteralPrefix { get; } = "";

    /// <summary>Whether the whole of <paramref name="key"/> matches.</summary>
    public bool IsMatch(string key) => regex?.IsMatch(key) ?? true;

    private static string Translate(string glob)
    {
        var text = new StringBuilder("\\A");
        var depth = 0;
        for (var i = 0; i < glob.Length; i++)
        {
            var rest = glob.AsSpan(i);
            switch (glob[i])
            {
                case '*' when rest.StartsWith("**/") && (i == 0 || glob[i - 1] == '/'):
                    text.Append("(?:.*/)?");
                    i += 2;
                    break;
                case '*' when rest.StartsWith("**"):
                    text.Append(".*");
                    i++;
                    break;
                case '*':
                    text.Append("[^/]*");
                    break;
                case '?':
                    text.Append("[^/]");
                    break;
                case '[' when rest[1..].IndexOf(']') > 0:
                    var set = rest[1..(1 + rest[1..].IndexOf(']'))].ToString();
                    i += set.Length + 1;
                    text.Append('[').Append(set[0] == '!' ? "^" : "").Append(set.TrimStart('!').Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("^", "\\^", StringComparison.Ordinal)).Append(']');
                    break;
                case '{' when rest.Contains('}'):
                    depth++;
                    text.Append("(?:");
                    break;
                case '}' when depth > 0:
                    depth--;
                    text.Append(')');
                    break;
                case ',' when depth > 0:
                    text.Append('|');
                    break;
                default:
                    text.Append(Regex.Escape(glob[i].ToString()));
                    break;
            }
        }
        for (; depth > 0; depth--) text.Append(')');
        return text.Append("\\z").ToString();
    }
}

/// <summary>The text is a glob that <see cref="KeyPattern"/> reads.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KeyPatternAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value)
    {
        try
        {
            _ = new KeyPattern(value as string);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
