using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Etl.Core.Connectors;
using Etl.Core.Contracts;

namespace Etl.Core.Pipelines;

/// <summary>The pipeline file's JSON Schema (draft 2020-12), made from the same option records that the binder reads, for editors to complete and check as one types.</summary>
public static class PipelineJsonSchema
{
    // Any scalar may be an environment reference, whatever type it must have once it is replaced.
    private const string ReferencePattern = @"\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}";

    /// <summary>The schema for every connector of <paramref name="registry"/>.</summary>
    public static JsonObject Create(ConnectorRegistry registry)
    {
        var properties = new JsonObject
        {
            ["name"] = Described(new JsonObject { ["type"] = "string" }, "The pipeline's name; part of object names and job ids."),
            ["description"] = Described(new JsonObject { ["type"] = "string" }, "What the pipeline is for."),
            ["source"] = Described(OneOf(registry, ConnectorKind.Source), "Where objects come from."),
            ["transforms"] = Described(List(OneOf(registry, ConnectorKind.Parser, ConnectorKind.Transform)), "A parser, then what changes the rows, in order."),
            ["sinks"] = Described(List(OneOf(registry, ConnectorKind.StagingSink, ConnectorKind.LoadSink)), "Where rows are staged and loaded."),
            ["metadata"] = Described(
                new JsonObject { ["anyOf"] = new JsonArray(List(new JsonObject { ["enum"] = new JsonArray([.. OptionModel.Of(typeof(MetadataOptions)).Options.Select(o => JsonValue.Create(o.Name))]) }), Record(typeof(MetadataOptions)), new JsonObject { ["type"] = "null" }) },
                "Columns that say where each row comes from: a list of them, or a mapping of them to the columns' names."),
            ["incremental"] = Described(
                new JsonObject { ["anyOf"] = new JsonArray(Value(typeof(IncrementalMode)), Record(typeof(IncrementalOptions)), new JsonObject { ["type"] = "null" }) },
                "Which objects a run reads: the mode alone, or with its options."),
            ["assert"] = Described(Nullable(Record(typeof(AssertOptions))), "What must be true of the staged rows; otherwise nothing is loaded."),
            ["state"] = Described(OneOf(registry, ConnectorKind.StateStore), "Where manifests, receipts and the ledger are kept."),
            ["plugins"] = Described(List(new JsonObject { ["type"] = "string" }), "Folders or assemblies with connectors of their own, relative to the pipeline file, or NuGet packages (nuget:Acme.Etl@1.2.0). They are code: this loads and runs them."),
        };
        foreach (var shared in registry.Connectors.Where(c => c.Kind == ConnectorKind.Settings))
            properties[shared.Name] = Described(Record(shared.OptionsType), shared.Description);

        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Etl pipeline",
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray("name", "source", "transforms", "sinks"),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject OneOf(ConnectorRegistry registry, params ConnectorKind[] kinds)
    {
        var connectors = registry.Connectors.Where(c => kinds.Contains(c.Kind)).ToList();
        var choices = new JsonArray();
        foreach (var connector in connectors)
            choices.Add(new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject { [connector.Name] = Described(Nullable(Record(connector.OptionsType)), connector.Description) },
                ["required"] = new JsonArray(connector.Name),
                ["additionalProperties"] = false,
            });
        var bare = connectors.Where(c => !OptionModel.Of(c.OptionsType).Options.Any(o => o.Required)).Select(c => JsonValue.Create(c.Name)).ToArray();
        if (bare.Length > 0) choices.Add(new JsonObject { ["enum"] = new JsonArray([.. bare]) });
        return new JsonObject { ["anyOf"] = choices };
    }

    private static JsonObject Record(Type type)
    {
        var model = OptionModel.Of(type);
        var properties = new JsonObject();
        foreach (var option in model.Options)
        {
            var value = Value(option.Property.PropertyType);
            foreach (var range in option.Checks.OfType<RangeAttribute>())
                if (value["anyOf"]?[0] is JsonObject number)
                    (number["minimum"], number["maximum"]) = (JsonNode.Parse(range.Minimum.ToString()!), JsonNode.Parse(range.Maximum.ToString()!));
            properties[option.Name] = option.Required ? Described(value, option.Description) : Described(Nullable(value), option.Description);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (model.Options.Any(o => o.Required))
            schema["required"] = new JsonArray([.. model.Options.Where(o => o.Required).Select(o => JsonValue.Create(o.Name))]);
        return schema;
    }

    private static JsonObject Value(Type declared)
    {
        var type = System.Nullable.GetUnderlyingType(declared) ?? declared;
        if (OptionTypes.ListItem(type) is { } item) return List(Value(item));
        if (OptionTypes.MapValue(type) is { } mapped) return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(mapped) };
        if (!OptionTypes.IsScalar(type)) return Record(type);
        if (type == typeof(string)) return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        if (type == typeof(Uri)) return new JsonObject { ["type"] = "string" };
        if (type.IsEnum) return Scalar(new JsonObject { ["enum"] = new JsonArray([.. EnumSpellings(type).Select(n => JsonValue.Create(n))]) }, declared);
        if (type == typeof(bool)) return Scalar(new JsonObject { ["type"] = "boolean" }, declared);
        if (type == typeof(int) || type == typeof(long)) return Scalar(new JsonObject { ["type"] = "integer" }, declared);
        if (type == typeof(double) || type == typeof(decimal)) return Scalar(new JsonObject { ["type"] = "number" }, declared);
        return Described(new JsonObject { ["type"] = new JsonArray("string", "number") }, type.GetCustomAttribute<DescriptionAttribute>()?.Description);
    }

    private static IEnumerable<string> EnumSpellings(Type type)
    {
        var names = OptionTypes.EnumNames(type);
        return type == typeof(Schemas.ColumnType) ? names.Concat(names.Select(n => n.ToLowerInvariant())) : names;
    }

    private static JsonObject Scalar(JsonObject schema, Type declared)
    {
        var choices = new JsonArray(schema, new JsonObject { ["type"] = "string", ["pattern"] = ReferencePattern });
        if (System.Nullable.GetUnderlyingType(declared) is not null) choices.Add(new JsonObject { ["enum"] = new JsonArray("auto") });
        return new JsonObject { ["anyOf"] = choices };
    }

    private static JsonObject List(JsonObject items) => new() { ["type"] = "array", ["items"] = items };

    private static JsonObject Nullable(JsonObject schema) => new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    private static JsonObject Described(JsonObject schema, string? description)
    {
        if (description is not null) schema["description"] = description;
        return schema;
    }
}
