using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Etl.Core.Pipelines;

/// <summary>An option as people read of it: in <c>etl connectors</c> and on the reference pages.</summary>
/// <param name="Name">Its key, with those above it, such as <c>partition.by</c>.</param>
/// <param name="Type">What may be given, in words.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Default">What it is when left out; null when nothing.</param>
/// <param name="Description">What it means.</param>
public sealed record OptionReference(string Name, string Type, bool Required, string? Default, string Description)
{
    /// <summary>The options of a record, each followed by those inside it.</summary>
    public static IReadOnlyList<OptionReference> Of(Type record) => [.. Of(record, "")];

    private static IEnumerable<OptionReference> Of(Type record, string above)
    {
        var defaults = Activator.CreateInstance(record)!;
        foreach (var option in OptionModel.Of(record).Options)
        {
            var type = Nullable.GetUnderlyingType(option.Property.PropertyType) ?? option.Property.PropertyType;
            yield return new OptionReference(above + option.Name, Words(type) + Bounds(option), option.Required, option.Required ? null : Text(option.Property.GetValue(defaults)), option.Description ?? "");
            var (inner, step) = OptionTypes.ListItem(type) is { } item ? (item, "[].") : OptionTypes.MapValue(type) is { } value ? (value, ".NAME.") : (type, ".");
            if (IsRecord(inner))
                foreach (var below in Of(inner, above + option.Name + step)) yield return below;
        }
    }

    private static string Words(Type type)
    {
        if (OptionTypes.ListItem(type) is { } item) return $"list: {Words(item)}";
        if (OptionTypes.MapValue(type) is { } value) return $"mapping of names: {Words(value)}";
        if (IsRecord(type)) return "mapping";
        if (type == typeof(string)) return "text";
        if (type == typeof(Uri)) return "URL";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "whole number";
        if (type == typeof(double) || type == typeof(decimal)) return "number";
        return type.IsEnum ? string.Join(", ", OptionTypes.EnumNames(type)) : type.GetCustomAttribute<DescriptionAttribute>()?.Description ?? OptionModel.YamlName(type.Name);
    }

    private static string Bounds(Option option) =>
        string.Concat(option.Checks.OfType<RangeAttribute>().Select(r => string.Create(CultureInfo.InvariantCulture, $" from {r.Minimum} to {r.Maximum}")));

    private static bool IsRecord(Type type) => !OptionTypes.IsScalar(type) && OptionTypes.ListItem(type) is null && OptionTypes.MapValue(type) is null;

    private static string? Text(object? value) => value switch
    {
        null or "" => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum choice => OptionTypes.EnumNames(choice.GetType())[Array.IndexOf(Enum.GetValues(choice.GetType()), choice)],
        ICollection { Count: 0 } => null,
        IEnumerable items => string.Join(", ", items.Cast<object>().Select(Text)),
        _ when IsRecord(value.GetType()) => null,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
