using System.Text.Json.Nodes;
using Etl.Runner.Commands;

namespace Etl.Runner.Init;

/// <summary>What <c>etl init</c> wrote, for a program. No value of the data is in it.</summary>
internal static class InitJson
{
    /// <summary>The object.</summary>
    public static JsonObject Of(string path, InitAnswers answers, SampledFile file) => new()
    {
        ["file"] = path,
        ["pipeline"] = answers.Name,
        ["table"] = $"{answers.Project}.{answers.Dataset}.{answers.Table}",
        ["key"] = new JsonArray([.. answers.Key.Select(c => JsonValue.Create(c))]),
        ["partition"] = answers.Partition,
        ["mask"] = new JsonArray([.. answers.Mask.Select(c => JsonValue.Create(c))]),
        ["personal"] = new JsonArray([.. file.Personal.Select(p => new JsonObject { ["column"] = p.Column.Name, ["kind"] = p.Kind, ["why"] = p.Why })]),
    };
}
