using System.Text.Json;
using System.Text.Json.Serialization;

namespace Etl.LocalCloud.Faults;

/// <summary>What is to go wrong in the local cloud, and when. The same plan and the same requests give the same faults.</summary>
public sealed record FaultPlan
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Decides those rules that have a probability.</summary>
    public int Seed { get; init; }

    /// <summary>The rules, in order: the first one that strikes a request decides.</summary>
    public IReadOnlyList<FaultRule> Rules { get; init; } = [];

    /// <summary>Reads a fault plan (JSON, comments allowed).</summary>
    /// <exception cref="InvalidDataException">The file cannot be read as a fault plan.</exception>
    public static FaultPlan Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<FaultPlan>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The fault plan {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The plan as <see cref="Read"/> takes it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
