using System.Globalization;
using Etl.Core.Schemas;

namespace Etl.Core.Pipelines;

/// <summary>The kinds of values an option can have.</summary>
internal static class OptionTypes
{
    /// <summary>The item type when <paramref name="type"/> is a list.</summary>
    public static Type? ListItem(Type type) => GenericArgument(type, typeof(IReadOnlyList<>), 0);

    /// <summary>The value type when <paramref name="type"/> is a map from strings.</summary>
    public static Type? MapValue(Type type) => GenericArgument(type, typeof(IReadOnlyDictionary<,>), 1);

    /// <summary>Whether a value is written as one scalar.</summary>
    public static bool IsScalar(Type type) =>
        type == typeof(string) || type == typeof(Uri) || type.IsEnum || IsParsable(type);

    /// <summary>The values of an enum as they are written in YAML: snake case, but column types as SQL spells them. Case does not matter.</summary>
    public static IReadOnlyList<string> EnumNames(Type type) => type == typeof(ColumnType)
        ? [.. Enum.GetValues<ColumnType>().Select(t => t.SqlName())]
        : [.. Enum.GetNames(type).Select(OptionModel.YamlName)];

    /// <summary>Reads a scalar; false when the text is not one of <paramref name="type"/>.</summary>
    public static bool TryParse(string text, Type type, out object? value)
    {
        value = null;
        if (type == typeof(string)) value = text;
        else if (type == typeof(Uri)) value = Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : null;
        else if (type == typeof(bool)) value = text.ToUpperInvariant() switch { "TRUE" => true, "FALSE" => false, _ => null };
        else if (type.IsEnum)
        {
            var index = EnumNames(type).ToList().FindIndex(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = index < 0 ? null : Enum.GetValues(type).GetValue(index);
        }
        else value = Parser(type)(text);
        return value is not null;
    }

    private static bool IsParsable(Type type) =>
        type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GenericTypeArguments[0] == type);

    private static Func<string, object?> Parser(Type type) =>
        typeof(OptionTypes).GetMethod(nameof(Parse), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).CreateDelegate<Func<string, object?>>();

    private static object? Parse<T>(string text) where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static Type? GenericArgument(Type type, Type definition, int index) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition ? type.GenericTypeArguments[index] : null;
}
