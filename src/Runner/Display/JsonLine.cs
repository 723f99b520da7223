using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Etl.Runner.Display;

/// <summary>What a command prints for a program: an object a line, letters of every script as they are.</summary>
internal static class JsonLine
{
    /// <summary>How it is written.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line.</summary>
    public static string Of(JsonObject found) => found.ToJsonString(Options);

    /// <summary>Prints it.</summary>
    public static void Print(JsonObject found) => Console.Out.WriteLine(Of(found));

    /// <summary>A value that is known by its text: bare where JSON has the type, else the text.</summary>
    /// <param name="text">The text, or null where the value is missing.</param>
    /// <param name="bare">Whether the type has a form of its own in JSON.</param>
    public static JsonNode? Value(string? text, bool bare)
    {
        if (text is null) return null;
        if (!bare) return JsonValue.Create(text);
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // NaN and the infinities.
            return JsonValue.Create(text);
        }
    }
}
