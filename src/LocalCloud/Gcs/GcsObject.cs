using System.Globalization;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.Gcs;

/// <summary>A stored object's metadata (https://cloud.google.com/storage/docs/json_api/v1/objects#resource).</summary>
internal sealed record GcsObject
{
    public required string Bucket { get; init; }

    public required string Name { get; init; }

    public required long Generation { get; init; }

    public long Metageneration { get; init; } = 1;

    public required long Size { get; init; }

    public required Checksums Checksums { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    public string? CacheControl { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The resource as the API writes it.</summary>
    public JsonObject ToJson(string host)
    {
        var self = $"{host}/storage/v1/b/{Bucket}/o/{Uri.EscapeDataString(Name)}";
        var json = new JsonObject
        {
            ["kind"] = "storage#object",
            ["id"] = $"{Bucket}/{Name}/{Generation}",
            ["selfLink"] = self,
            ["mediaLink"] = $"{host}/download/storage/v1/b/{Bucket}/o/{Uri.EscapeDataString(Name)}?generation={Generation}&alt=media",
            ["name"] = Name,
            ["bucket"] = Bucket,
            ["generation"] = Text(Generation),
            ["metageneration"] = Text(Metageneration),
            ["contentType"] = ContentType ?? "application/octet-stream",
            ["storageClass"] = "STANDARD",
            ["size"] = Text(Size),
            ["md5Hash"] = Checksums.Md5,
            ["crc32c"] = Checksums.Crc32c,
            ["etag"] = ETag,
            ["timeCreated"] = Time(Created),
            ["updated"] = Time(Updated),
            ["timeStorageClassUpdated"] = Time(Created),
        };
        if (ContentEncoding is not null) json["contentEncoding"] = ContentEncoding;
        if (CacheControl is not null) json["cacheControl"] = CacheControl;
        if (Metadata is not null) json["metadata"] = new JsonObject(Metadata.Select(m => KeyValuePair.Create<string, JsonNode?>(m.Key, m.Value)));
        return json;
    }

    /// <summary>Changes with content and metadata.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ETag => Convert.ToBase64String(BitConverter.GetBytes(Generation)).TrimEnd('=') + Metageneration.ToString(CultureInfo.InvariantCulture);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An object's checksums, in base64: MD5, and CRC32C as big-endian bytes.</summary>
internal sealed record Checksums(string Md5, string Crc32c);
