using System.Text.RegularExpressions;

namespace Etl.Core.Pipelines;

/// <summary>Puts environment variables into scalars: <c>${NAME}</c>, <c>${NAME:-default}</c>; <c>$${</c> stands for a plain <c>${</c>.</summary>
internal static partial class EnvironmentReferences
{
    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<default>[^}]*))?\}|\$\{")]
    private static partial Regex Pattern { get; }

    /// <summary>The text with every reference replaced. <paramref name="problem"/> is called with a sentence for each one that cannot be.</summary>
    public static string Expand(string text, Func<string, string?> lookUp, Action<string> problem) =>
        Pattern.Replace(text, match =>
        {
            if (match.Value == "$${") return "${";
            var name = match.Groups["name"].Value;
            if (name.Length == 0)
            {
                problem("this ${ is not followed by a variable's name and a }; write $${ for a plain ${");
                return match.Value;
            }

            var value = lookUp(name);
            if (!string.IsNullOrEmpty(value)) return value;
            if (match.Groups["default"].Success) return match.Groups["default"].Value;
            problem($"the environment variable {name} is not set; set it, or give a default: ${{{name}:-default}}");
            return match.Value;
        });
}
