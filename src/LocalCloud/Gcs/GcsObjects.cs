using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Gcs;

/// <summary>What is done to objects that are there: metadata, copies, composing, deleting.</summary>
internal sealed class GcsObjects(GcsStore store)
{
    public Task DeleteAsync(GcsRequest request)
    {
        store.Delete(request.Bucket, request.Name, Preconditions.Of(request.Query));
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>PATCH changes the fields it names; PUT sets all that a writer may set.</summary>
    public async Task UpdateAsync(GcsRequest request)
    {
        var fields = await request.BodyAsync().ConfigureAwait(false);
        Func<GcsObject, GcsObject> change = HttpMethods.IsPatch(request.Context.Request.Method)
            ? found => WithFields(found, fields)
            : found => WithFields(found with { ContentType = null, ContentEncoding = null, CacheControl = null, Metadata = null }, fields);
        await request.AnswerAsync(store.Update(request.Bucket, request.Name, change, Preconditions.Of(request.Query)).ToJson(request.Origin)).ConfigureAwait(false);
    }

    public async Task CopyAsync(GcsRequest request)
    {
        var fields = await request.BodyAsync().ConfigureAwait(false);
        var found = Existing(request.Bucket, request.Name);
        var (bucket, name) = (request.Rest[2], request.Rest[4]);
        store.Require(bucket);
        // Metadata that is sent with a copy stands instead of the source's.
        var source = fields["metadata"] is null ? found : found with { Metadata = null };
        var draft = WithFields(source with { Bucket = bucket, Name = name, Metageneration = 1 }, fields);
        var file = store.NewFile();
        try
        {
            File.Copy(store.PathOf(found.Bucket, found.Name), file);
            var copy = store.Put(file, draft, Preconditions.Of(request.Query)).ToJson(request.Origin);
            await request.AnswerAsync(request.Rest[0] == "copyTo" ? copy : new JsonObject
            {
                ["kind"] = "storage#rewriteResponse",
                ["totalBytesRewritten"] = $"{found.Size}",
                ["objectSize"] = $"{found.Size}",
                ["done"] = true,
                ["resource"] = copy,
            }).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public async Task ComposeAsync(GcsRequest request)
    {
        var body = await request.BodyAsync().ConfigureAwait(false);
        var sources = (body["sourceObjects"] as JsonArray ?? []).Select(s => Existing(request.Bucket, GcsRequest.TextOf(s as JsonObject ?? [], "name") ?? "")).ToList();
        if (sources.Count is 0 or > 32) throw new GcsRefusedException(400, "invalid", "The number of source components provided must be between 1 and 32.");
        var file = store.NewFile();
        try
        {
            var whole = File.Create(file);
            await using (whole.ConfigureAwait(false))
                foreach (var source in sources)
                {
                    var part = File.OpenRead(store.PathOf(source.Bucket, source.Name));
                    await using (part.ConfigureAwait(false)) await part.CopyToAsync(whole, request.Cancel).ConfigureAwait(false);
                }

            var draft = new GcsObject
            {
                Bucket = request.Bucket,
                Name = request.Name,
                Generation = 0,
                Size = new FileInfo(file).Length,
                Checksums = await ChecksumWriter.OfFileAsync(file, request.Cancel).ConfigureAwait(false),
                Created = default,
                Updated = default,
            };
            await request.AnswerAsync(store.Put(file, WithFields(draft, body["destination"] as JsonObject ?? []), Preconditions.Of(request.Query)).ToJson(request.Origin)).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The object with the fields that a writer may set. A field that is null is cleared, one that is not named stays; metadata are merged key by key (RFC 7396).</summary>
    public static GcsObject WithFields(GcsObject found, JsonObject fields) => found with
    {
        ContentType = fields.ContainsKey("contentType") ? GcsRequest.TextOf(fields, "contentType") : found.ContentType,
        ContentEncoding = fields.ContainsKey("contentEncoding") ? GcsRequest.TextOf(fields, "contentEncoding") : found.ContentEncoding,
        CacheControl = fields.ContainsKey("cacheControl") ? GcsRequest.TextOf(fields, "cacheControl") : found.CacheControl,
        Metadata = fields.ContainsKey("metadata") ? Merged(found.Metadata, fields["metadata"]) : found.Metadata,
    };

    private static Dictionary<string, string>? Merged(IReadOnlyDictionary<string, string>? found, JsonNode? changes)
    {
        if (changes is null) return null;
        if (changes is not JsonObject named) throw new GcsRefusedException(400, "invalid", "Invalid value for metadata: an object of texts is expected.");
        var merged = new Dictionary<string, string>(found ?? new Dictionary<string, string>());
        foreach (var key in named.Select(m => m.Key))
            if (GcsRequest.TextOf(named, key) is { } text) merged[key] = text;
            else merged.Remove(key);
        return merged.Count == 0 ? null : merged;
    }

    private GcsObject Existing(string bucket, string name) => store.Find(bucket, name) ?? throw GcsRefusedException.NoObject(bucket, name);
}
