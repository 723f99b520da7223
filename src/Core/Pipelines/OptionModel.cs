using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Etl.Core.Pipelines;

/// <summary>An options record as the pipeline file sees it: the binder, the JSON Schema and the reference pages all read this.</summary>
public sealed class OptionModel
{
    private static readonly ConcurrentDictionary<Type, OptionModel> Cache = new();

    private OptionModel(Type type)
    {
        Type = type;
        Options = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null).Select(p => new Option(p))];
    }

    /// <summary>The record.</summary>
    public Type Type { get; }

    /// <summary>Its options, in the order they are declared.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>The model of <paramref name="type"/>.</summary>
    public static OptionModel Of(Type type) => Cache.GetOrAdd(type, t => new OptionModel(t));

    /// <summary>A .NET name as it is spelt in YAML: <c>PathStyle</c> is <c>path_style</c>, <c>Int64</c> is <c>int64</c>.</summary>
    public static string YamlName(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>One option.</summary>
public sealed class Option(PropertyInfo property)
{
    /// <summary>The property behind it.</summary>
    public PropertyInfo Property { get; } = property;

    /// <summary>Its key in YAML.</summary>
    public string Name { get; } = OptionModel.YamlName(property.Name);

    /// <summary>Whether it must be given.</summary>
    public bool Required { get; } = property.IsDefined(typeof(RequiredMemberAttribute));

    /// <summary>What it means, for people.</summary>
    public string? Description { get; } = property.GetCustomAttribute<DescriptionAttribute>()?.Description;

    /// <summary>What a value must satisfy.</summary>
    public IReadOnlyList<ValidationAttribute> Checks { get; } = [.. property.GetCustomAttributes<ValidationAttribute>()];
}
