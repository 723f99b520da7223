using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Connectors.Gcp.Doctor;

namespace Etl.Runner.Auth;

/// <summary>A diagnosis for programs. Names are kebab-case and stay.</summary>
internal static class DiagnosisJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Diagnosis diagnosis) => new JsonObject
    {
        ["ok"] = diagnosis.Ok,
        ["steps"] = new JsonArray([.. diagnosis.Steps.Select(Step)]),
    }.ToJsonString(Readable);

    private static JsonObject Step(DiagnosisStep step)
    {
        var json = new JsonObject { ["step"] = Name(step.Id), ["subject"] = step.Subject, ["status"] = Name(step.Status) };
        if (step.Facts.Count > 0) json["facts"] = new JsonObject(step.Facts.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Value)));
        if (step.Problem is not { } problem) return json;
        json["cause"] = Name(problem.Cause);
        json["problem"] = problem.Message;
        json["fixes"] = new JsonArray([.. problem.Fixes.Select(f => JsonValue.Create(f))]);
        if (problem.Said is not null) json["said"] = problem.Said;
        return json;
    }

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
