using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Runner.Commands;
using Etl.Runner.Hosting;
using Etl.TestSupport;
using NJsonSchema;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Etl.Runner.Tests;

/// <summary>The JSON Schema says what the binder accepts.</summary>
public sealed class PipelineSchemaTests
{
    public static TheoryData<string> Pipelines() => [.. Directory.GetFiles(Repository.PathOf("pipelines"), "*.yaml").Where(p => !PipelineTestFile.Is(p)).Select(p => Path.GetFileName(p)!)];

    [Fact]
    public void TheCommittedSchemaIsTheOneTheCommandPrints() =>
        Assert.Equal(File.ReadAllText(Repository.PathOf("docs", "pipeline.schema.json")), SchemaCommand.Text(Registrations.Own()));

    [Theory]
    [MemberData(nameof(Pipelines))]
    public async Task EveryExampleIsAccepted(string pipeline)
    {
        var text = await File.ReadAllTextAsync(Repository.PathOf("pipelines", pipeline));

        Assert.Empty(await ErrorsAsync(text));
        Reader().Parse(pipeline, text);
    }

    [Theory]
    [InlineData("source:", "sauce:")]
    [InlineData("bucket: acme-exports", "bukket: acme-exports")]
    [InlineData("name: orders", "label: orders")]
    [InlineData("schema: infer", "schema: guess")]
    [InlineData("write: append", "write: upsert")]
    [InlineData("type: INT64", "type: INT65")]
    [InlineData("  - select: { drop: [internal_note] }", "  - select: { drop: internal_note }")]
    [InlineData("project: acme-analytics, ", "")]
    [InlineData("format: parquet", "format: orc")]
    public async Task WhatTheBinderRefusesTheSchemaRefuses(string right, string wrong)
    {
        var good = await File.ReadAllTextAsync(Repository.PathOf("pipelines", "orders.yaml"));
        Assert.Contains(right, good, StringComparison.Ordinal);
        var broken = good.Replace(right, wrong, StringComparison.Ordinal);

        Assert.NotEmpty(await ErrorsAsync(broken));
        Assert.Throws<PipelineFileException>(() => Reader().Parse("orders.yaml", broken));
    }

    private static PipelineFile Reader() => new(Registrations.Own(), _ => null);

    private static async Task<IEnumerable<string>> ErrorsAsync(string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaCommand.Text(Registrations.Own()));
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return schema.Validate(ToJson(stream.Documents[0].RootNode)!.ToJsonString()).Select(e => e.ToString());
    }

    // As an editor's YAML support does: plain scalars by the core schema.
    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, ToJson(c.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: not YamlDotNet.Core.ScalarStyle.Plain } quoted => JsonValue.Create(quoted.Value),
        YamlScalarNode { Value: null or "" or "~" or "null" } => null,
        YamlScalarNode { Value: "true" or "false" or [>= '0' and <= '9', ..] } plain when IsJson(plain.Value!) => JsonNode.Parse(plain.Value!),
        YamlScalarNode plain => JsonValue.Create(plain.Value),
        _ => throw new InvalidOperationException(),
    };

    private static bool IsJson(string text)
    {
        try
        {
            JsonNode.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
