using System.Text.RegularExpressions;

namespace Etl.LocalCloud.Iam;

/// <summary>The part of the Common Expression Language that attribute mappings and conditions are written in (https://cloud.google.com/iam/docs/workload-identity-federation#mapping): strings, booleans and lists; <c>? : || &amp;&amp; ! == != in +</c>; <c>contains</c>, <c>startsWith</c>, <c>endsWith</c>, <c>matches</c> and Google's <c>extract</c>.</summary>
internal sealed partial class CelExpression
{
    private readonly IReadOnlyDictionary<string, string> variables;
    private readonly List<string> tokens;
    private int at;

    private CelExpression(string text, IReadOnlyDictionary<string, string> variables)
    {
        this.variables = variables;
        tokens = [.. Token().Matches(text).Select(m => m.Value.Trim()).Where(t => t.Length > 0)];
        if (string.Concat(tokens) != Outside(text)) throw new FormatException($"The expression cannot be read: {text}");
    }

    /// <summary>The expression's value: a string, a boolean or a list of them.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="variables">Dotted names, such as <c>assertion.arn</c>.</param>
    /// <exception cref="FormatException">It is no expression of this kind, or names something that is not there.</exception>
    public static object Evaluate(string text, IReadOnlyDictionary<string, string> variables)
    {
        var expression = new CelExpression(text, variables);
        var value = expression.Conditional();
        return expression.at == expression.tokens.Count ? value : throw new FormatException($"'{expression.tokens[expression.at]}' was not expected in: {text}");
    }

    private object Conditional()
    {
        var condition = Or();
        if (!Take("?")) return condition;
        var then = Conditional();
        Expect(":");
        var otherwise = Conditional();
        return As<bool>(condition) ? then : otherwise;
    }

    private object Or()
    {
        var left = And();
        while (Take("||")) left = As<bool>(And()) | As<bool>(left);
        return left;
    }

    private object And()
    {
        var left = Relation();
        while (Take("&&")) left = As<bool>(Relation()) & As<bool>(left);
        return left;
    }

    private object Relation()
    {
        var left = Sum();
        if (Take("==")) return Equals(left, Sum());
        if (Take("!=")) return !Equals(left, Sum());
        return Take("in") ? As<List<object>>(Sum()).Contains(left) : left;
    }

    private object Sum()
    {
        var left = Unary();
        while (Take("+")) left = As<string>(left) + As<string>(Unary());
        return left;
    }

    private object Unary() => Take("!") ? !As<bool>(Unary()) : Calls(Primary());

    private object Primary()
    {
        var token = Next();
        if (token[0] is '\'' or '"') return token[1..^1];
        if (token == "(")
        {
            var inner = Conditional();
            Expect(")");
            return inner;
        }

        if (token == "[")
        {
            var list = new List<object>();
            while (!Take("]"))
            {
                list.Add(Conditional());
                Take(",");
            }

            return list;
        }

        if (token is "true" or "false") return token == "true";
        // The longest dotted name is a variable; what follows it is a call.
        var name = token;
        while (at + 1 < tokens.Count && tokens[at] == "." && !(at + 2 < tokens.Count && tokens[at + 2] == "("))
        {
            name += "." + tokens[at + 1];
            at += 2;
        }

        return variables.TryGetValue(name, out var value) ? value : throw new FormatException($"No such attribute: {name}");
    }

    private object Calls(object value)
    {
        while (Take("."))
        {
            var method = Next();
            Expect("(");
            var (text, argument) = (As<string>(value), As<string>(Conditional()));
            Expect(")");
            value = method switch
            {
                "contains" => text.Contains(argument, StringComparison.Ordinal),
                "startsWith" => text.StartsWith(argument, StringComparison.Ordinal),
                "endsWith" => text.EndsWith(argument, StringComparison.Ordinal),
                "matches" => Regex.IsMatch(text, argument, RegexOptions.NonBacktracking),
                "extract" => Extract(text, argument),
                _ => throw new FormatException($"No such function: {method}"),
            };
        }

        return value;
    }

    // What stands between the template's literal parts, or nothing (https://cloud.google.com/iam/docs/conditions-attribute-reference#extract).
    private static string Extract(string text, string template)
    {
        if (Template().Match(template) is not { Success: true } parts) throw new FormatException($"A template has one {{name}}: {template}");
        var from = text.IndexOf(parts.Groups[1].Value, StringComparison.Ordinal);
        if (from < 0) return "";
        var rest = text[(from + parts.Groups[1].Length)..];
        if (parts.Groups[2].Length == 0) return rest;
        var to = rest.IndexOf(parts.Groups[2].Value, StringComparison.Ordinal);
        return to < 0 ? "" : rest[..to];
    }

    private static T As<T>(object value) => value is T typed ? typed : throw new FormatException($"A {typeof(T).Name} was expected, not a {value.GetType().Name}");

    private bool Take(string token)
    {
        if (at >= tokens.Count || tokens[at] != token) return false;
        at++;
        return true;
    }

    private string Next() => at < tokens.Count ? tokens[at++] : throw new FormatException("The expression ends too early");

    private void Expect(string token)
    {
        if (!Take(token)) throw new FormatException($"'{token}' was expected");
    }

    private static string Outside(string text) => string.Concat(Literal().Split(text).Select(part => part.Length > 0 && (part[0] is '\'' or '"') ? part : string.Concat(part.Where(c => !char.IsWhiteSpace(c)))));

    [GeneratedRegex("""'[^']*'|"[^"]*"|\|\||&&|==|!=|[A-Za-z_][A-Za-z0-9_]*|[?:!+.,()\[\]]""")]
    private static partial Regex Token();

    [GeneratedRegex("""('[^']*'|"[^"]*")""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^([^{}]*)\{[^{}]+\}([^{}]*)$")]
    private static partial Regex Template();
}
