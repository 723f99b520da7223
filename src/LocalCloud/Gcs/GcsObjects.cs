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

    public async Task UpdateAsync(GcsRequest request)
    {
        var found = Existing(request.Bucket, request.Name);
        var changed = WithFields(found, await request.BodyAsync().ConfigureAwait(false));
        await request.AnswerAsync(store.Update(changed, Preconditions.Of(request.Query)).ToJson(request.Origin)).ConfigureAwait(false);
    }

    public async Task CopyAsync(GcsRequest request)
    {
        var found = Existing(request.Bucket, request.Name);
        var (bucket, name) = (request.Rest[2], request.Rest[4]);
        store.Require(bucket);
        var file = store.NewFile();
        File.Copy(store.PathOf(found.Bucket, found.Name), file);
        var draft = WithFields(found with { Bucket = bucket, Name = name, Metageneration = 1 }, await request.BodyAsync().ConfigureAwait(false));
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

    public async Task ComposeAsync(GcsRequest request)
    {
        var body = await request.BodyAsync().ConfigureAwait(false);
        var sources = (body["sourceObjects"] as JsonArray ?? []).Select(s => Existing(request.Bucket, s!["name"]!.GetValue<string>())).ToList();
        if (sources.Count is 0 or > 32) throw new GcsRefusedException(400, "invalid", "The number of source components provided must be between 1 and 32.");
        var file = store.NewFile();
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

    /// <summary>The fields that a writer may set.</summary>
    public static GcsObject WithFields(GcsObject draft, JsonObject fields) => draft with
    {
        ContentType = fields["contentType"]?.GetValue<string>() ?? draft.ContentType,
        ContentEncoding = fields["contentEncoding"]?.GetValue<string>() ?? draft.ContentEncoding,
        CacheControl = fields["cacheControl"]?.GetValue<string>() ?? draft.CacheControl,
        Metadata = fields["metadata"] is JsonObject metadata ? metadata.Where(m => m.Value is not null).ToDictionary(m => m.Key, m => m.Value!.ToString()) : draft.Metadata,
    };

    private GcsObject Existing(string bucket, string name) => store.Find(bucket, name) ?? throw GcsRefusedException.NoObject(bucket, name);
}
