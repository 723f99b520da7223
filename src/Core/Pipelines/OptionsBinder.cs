using System.Collections;
using System.ComponentModel.DataAnnotations;
using Etl.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Etl.Core.Pipelines;

/// <summary>Turns YAML nodes into options records, collecting every error with its place instead of stopping at the first.</summary>
internal sealed class OptionsBinder(string file, Func<string, string?>? environment)
{
    // An alias may repeat a node; a file that makes more than this of it is an attack or a mistake.
    private const int MaxNodes = 100_000;
    private readonly List<PipelineFileError> errors = [];
    private int nodes;

    /// <summary>What was wrong so far, in file order.</summary>
    public IReadOnlyList<PipelineFileError> Errors => [.. errors.OrderBy(e => e.Line).ThenBy(e => e.Column)];

    /// <summary>Notes an error at a node.</summary>
    public void Error(YamlNode node, string message) => Error(node.Start, message);

    /// <summary>Notes an error at a mark.</summary>
    public void Error(Mark mark, string message)
    {
        var error = new PipelineFileError(file, (int)mark.Line, (int)mark.Column, message);
        if (!errors.Contains(error)) errors.Add(error);
    }

    /// <summary>The entries of a mapping by key; an error and nothing when it is not one. An empty value counts as an empty mapping.</summary>
    public IReadOnlyList<(YamlScalarNode Key, YamlNode Value)> Entries(YamlNode node, string what)
    {
        if (IsNull(node)) return [];
        if (node is not YamlMappingNode mapping)
        {
            Error(node, $"{what} must be a mapping of keys to values");
            return [];
        }

        var entries = new List<(YamlScalarNode, YamlNode)>();
        foreach (var (key, value) in mapping.Children)
        {
            if (key is YamlScalarNode scalar) entries.Add((scalar, value));
            else Error(key, "a key must be plain text");
        }

        return entries;
    }

    /// <summary>An options record of <paramref name="type"/> from a mapping; the caller looks at <see cref="Errors"/> before it uses it.</summary>
    public object Bind(YamlNode node, Type type, string what)
    {
        var model = OptionModel.Of(type);
        var target = Activator.CreateInstance(type)!;
        var given = new Dictionary<Option, YamlNode>();
        foreach (var (key, value) in Entries(node, what))
        {
            var option = model.Options.FirstOrDefault(o => o.Name == key.Value);
            if (option is null)
            {
                Error(key, $"unknown key \"{key.Value}\" in {what}; {NearestName.Suggest(key.Value ?? "", model.Options.Select(o => o.Name))}");
                continue;
            }

            given[option] = value;
            var before = errors.Count;
            var bound = Value(value, option.Property.PropertyType, $"{what}.{option.Name}");
            if (bound is null) continue;
            option.Property.SetValue(target, bound);
            if (errors.Count == before) Check(option, bound, target, value);
        }

        foreach (var option in model.Options.Where(o => o.Required && !given.ContainsKey(o)))
            Error(node, $"{what} needs \"{option.Name}\"{(option.Description is null ? "" : $": {option.Description}")}");
        if (target is IValidatableObject validatable && !model.Options.Any(o => o.Required && !given.ContainsKey(o)))
            foreach (var result in validatable.Validate(new ValidationContext(target)))
                Error(Culprit(result, given) ?? node, $"{what}: {result.ErrorMessage}");
        return target;
    }

    /// <summary>The text of a scalar with environment references replaced, or null and an error.</summary>
    public string? Text(YamlNode node, string what)
    {
        if (node is not YamlScalarNode scalar)
        {
            Error(node, $"{what} must be a single value");
            return null;
        }

        return environment is null ? scalar.Value ?? "" : EnvironmentReferences.Expand(scalar.Value ?? "", environment, problem => Error(node, problem));
    }

    private object? Value(YamlNode node, Type type, string what)
    {
        if (++nodes > MaxNodes)
            throw new PipelineFileException([new PipelineFileError(file, (int)node.Start.Line, (int)node.Start.Column, $"the file expands to more than {MaxNodes:N0} values; write out what its aliases repeat")]);
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        if (IsNull(node) && !IsNamedNull(node, underlying)) return null;
        if (OptionTypes.ListItem(underlying) is { } item) return List(node, item, what);
        if (OptionTypes.MapValue(underlying) is { } mapValue) return Map(node, mapValue, what);
        if (!OptionTypes.IsScalar(underlying)) return Bind(node, underlying, what);

        var before = errors.Count;
        var text = Text(node, what);
        if (text is null || errors.Count > before) return null;
        // "auto" leaves an optional value to be found out, as leaving the key away does.
        if (underlying.IsValueType && underlying != type && text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return null;
        if (OptionTypes.TryParse(text, underlying, out var value)) return value;
        Error(node, $"{what} must be {Expected(underlying)}{Hint(text, underlying)}");
        return null;
    }

    private IList? List(YamlNode node, Type item, string what)
    {
        if (node is not YamlSequenceNode sequence)
        {
            Error(node, $"{what} must be a list, such as [a, b]");
            return null;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        for (var i = 0; i < sequence.Children.Count; i++)
        {
            // Among texts, NULL is the text that one reads.
            var child = sequence.Children[i];
            var text = item == typeof(string) && child is YamlScalarNode { Value.Length: > 0 };
            if ((text ? Text(child, $"{what}[{i}]") : Value(child, item, $"{what}[{i}]")) is { } value)
                list.Add(value);
        }

        return list;
    }

    private IDictionary Map(YamlNode node, Type valueType, string what)
    {
        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType))!;
        foreach (var (key, child) in Entries(node, what))
            if (Value(child, valueType, $"{what}.{key.Value}") is { } value)
                map[key.Value ?? ""] = value;
        return map;
    }

    private void Check(Option option, object value, object target, YamlNode node)
    {
        foreach (var check in option.Checks)
            if (check.GetValidationResult(value, new ValidationContext(target) { DisplayName = option.Name, MemberName = option.Property.Name }) is { } failed)
                Error(node, failed.ErrorMessage ?? $"{option.Name} is not allowed to have this value");
    }

    private static YamlNode? Culprit(ValidationResult result, Dictionary<Option, YamlNode> given) =>
        result.MemberNames.Select(member => given.FirstOrDefault(g => g.Key.Property.Name == member).Value).FirstOrDefault(n => n is not null);

    private static string Expected(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(double) || type == typeof(decimal) ? "a number"
        : type == typeof(Uri) ? "an absolute URL"
        : type.IsEnum ? $"one of {string.Join(", ", OptionTypes.EnumNames(type))}"
        : (type.GetCustomAttributes(typeof(System.ComponentModel.DescriptionAttribute), false).FirstOrDefault() as System.ComponentModel.DescriptionAttribute)?.Description ?? $"a {OptionModel.YamlName(type.Name)}";

    private static string Hint(string text, Type type)
    {
        if (!type.IsEnum) return "";
        var hint = NearestName.Suggest(text, OptionTypes.EnumNames(type));
        return hint.StartsWith("did", StringComparison.Ordinal) ? "; " + hint : "";
    }

    // A choice may be called null: what YAML takes for nothing then is that choice.
    private static bool IsNamedNull(YamlNode node, Type type) =>
        type.IsEnum && node is YamlScalarNode { Value.Length: > 1 } && OptionTypes.EnumNames(type).Contains("null");

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" or null };
}
