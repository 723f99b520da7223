using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Etl.Core.Runs;

/// <summary>Manifests, receipts and state as JSON: one canonical form, so that a digest of it means something.</summary>
public static class ManifestJson
{
    /// <summary>Compact, camel case, enums by name, declaration order.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The value in canonical form.</summary>
    public static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    /// <summary>SHA-256 of the canonical form, in lower-case hex.</summary>
    public static string Digest<T>(T value) => Convert.ToHexStringLower(SHA256.HashData(Serialize(value)));
}
