using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Etl.Runner.Hosting;

/// <summary>
/// Lines on standard error: plain ones for people, a JSON object each where a machine collects them. <c>ETL_LOG_FORMAT</c> (text or json) decides; left out, it is JSON where
/// Kubernetes, ECS, Lambda or Cloud Run started the process, unless a terminal is attached.
/// </summary>
internal static class Messages
{
    private static readonly string[] Collected = ["KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "AWS_LAMBDA_FUNCTION_NAME", "CLOUD_RUN_JOB"];

    /// <summary>Whether lines are JSON.</summary>
    public static bool Json { get; } = IsJson(Environment.GetEnvironmentVariable, Console.IsErrorRedirected);

    /// <summary>Whether the environment asks for JSON by name.</summary>
    public static bool IsAskedFor(Func<string, string?> environment) => string.Equals(environment("ETL_LOG_FORMAT"), "json", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(Func<string, string?> environment, bool redirected) => environment("ETL_LOG_FORMAT")?.ToUpperInvariant() switch
    {
        "JSON" => true,
        "TEXT" => false,
        _ => redirected && Array.Exists(Collected, name => !string.IsNullOrEmpty(environment(name))),
    };

    /// <summary>Writes a line. In JSON, <paramref name="fields"/> stand beside the message.</summary>
    public static void Write(LogLevel level, string message, params ReadOnlySpan<(string Name, object? Value)> fields) =>
        Console.Error.WriteLine(Json ? Encode(TimeProvider.System.GetUtcNow(), level, message, fields) : message);

    /// <summary>The JSON object of a line.</summary>
    public static string Encode(DateTimeOffset time, LogLevel level, string message, ReadOnlySpan<(string Name, object? Value)> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("time", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", level.ToString().ToLowerInvariant());
            json.WriteString("message", message);
            if (Activity.Current is { } span)
            {
                json.WriteString("trace_id", span.TraceId.ToHexString());
                json.WriteString("span_id", span.SpanId.ToHexString());
            }

            foreach (var (name, value) in fields)
            {
                json.WritePropertyName(name);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
