using System.Text.Json;
using System.Text.Json.Serialization;

namespace Etl.LocalCloud.Host;

/// <summary>Files that a person writes for the local cloud: JSON, comments and trailing commas allowed, unknown names refused, choices in kebab case.</summary>
internal static class SettingsFile
{
    /// <summary>How they are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What it is, for an error: such as <c>fault plan</c>.</param>
    /// <exception cref="InvalidDataException">It cannot be read as one.</exception>
    public static T Read<T>(string path, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The {what} {path} cannot be read: {e.Message}", e);
        }
    }
}
