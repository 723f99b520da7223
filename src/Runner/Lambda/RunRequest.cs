using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Core.Pipelines;

namespace Etl.Runner.Lambda;

/// <summary>Which pipeline to run, and what stands for <c>${NAME}</c> in its file before the environment does.</summary>
/// <param name="Pipeline">The pipeline file; null for the function's own (<c>ETL_PIPELINE</c>).</param>
/// <param name="Parameters">Values by name, in the order of the names.</param>
internal sealed record RunRequest(string? Pipeline, IReadOnlyDictionary<string, string> Parameters)
{
    // What is answered when a run is to be continued is a request, too.
    private static readonly string[] Keys = ["pipeline", "parameters", "status", "splits"];

    /// <summary>The function's own pipeline.</summary>
    public static RunRequest Default { get; } = new(null, new SortedDictionary<string, string>(StringComparer.Ordinal));

    /// <summary>The same for requests that ask for the same.</summary>
    public string Key => ToJson().ToJsonString();

    /// <summary>The request written as JSON.</summary>
    /// <exception cref="UnreadableEventException">It is not one.</exception>
    public static RunRequest Read(JsonElement json)
    {
        foreach (var property in json.EnumerateObject())
            if (!Keys.Contains(property.Name))
                throw new UnreadableEventException($"The event has the key \"{property.Name}\", which is none of a request to run a pipeline; {NearestName.Suggest(property.Name, Keys[..2])} Other events that are understood: S3 notifications (also by SQS, SNS, EventBridge) and EventBridge schedules.");
        var pipeline = json.TryGetProperty("pipeline", out var named) && named.ValueKind != JsonValueKind.Null ? Text(named, "pipeline") : null;
        if (pipeline is not null && (Path.IsPathRooted(pipeline) || pipeline.Split('/', '\\').Contains("..") || Path.GetExtension(pipeline) is not (".yaml" or ".yml")))
            throw new UnreadableEventException("The event's \"pipeline\" must name a .yaml file below the function's folder, such as pipelines/orders.yaml.");
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (json.TryGetProperty("parameters", out var values))
        {
            if (values.ValueKind != JsonValueKind.Object) throw new UnreadableEventException("The event's \"parameters\" must be an object of names and texts.");
            foreach (var value in values.EnumerateObject()) parameters[value.Name] = Text(value.Value, $"parameters.{value.Name}");
        }

        return new RunRequest(pipeline, parameters);
    }

    /// <summary>The request as <see cref="Read"/> takes it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Pipeline is not null) json["pipeline"] = Pipeline;
        if (Parameters.Count > 0) json["parameters"] = new JsonObject(Parameters.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
        return json;
    }

    private static string Text(JsonElement value, string name) => value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw new UnreadableEventException($"The event's \"{name}\" must be a text.");
}
