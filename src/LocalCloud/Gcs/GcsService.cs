using System.Text.Json.Nodes;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Etl.LocalCloud.Gcs;

/// <summary>Cloud Storage's JSON API (https://cloud.google.com/storage/docs/json_api/v1).</summary>
internal sealed class GcsService(GcsStore store, ITokenAuthority tokens, AccessControl control)
{
    private readonly GcsAccess access = new(control, store);
    private readonly GcsUploads uploads = new(store, new GcsAccess(control, store));
    private readonly GcsReads reads = new(store);
    private readonly GcsObjects objects = new(store);

    public async Task HandleAsync(HttpContext context)
    {
        // Whoever knows an upload's session URI may go on with it: the URI itself is the credential.
        var caller = context.Request.Query.ContainsKey("upload_id") ? new GoogleIdentity("anonymous", []) : await BearerTokens.IdentifyAsync(context, tokens).ConfigureAwait(false);
        if (caller is null) return;
        try
        {
            await DispatchAsync(context, caller).ConfigureAwait(false);
        }
        catch (GcsRefusedException refused) when (!context.Response.HasStarted)
        {
            await GoogleErrors.WriteAsync(context, refused.Status, refused.Reason, refused.Message).ConfigureAwait(false);
        }
    }

    private Task DispatchAsync(HttpContext context, GoogleIdentity caller)
    {
        // Names are encoded in the path, slashes too, so the raw target is split before it is decoded.
        var (segments, upload) = Path(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var request = new GcsRequest(context, segments.ElementAtOrDefault(3) ?? "", segments.ElementAtOrDefault(5) ?? "", [.. segments.Skip(6)]) { Caller = caller };
        var method = context.Request.Method;
        // An upload_id names a session that is being uploaded, and is good for nothing else.
        if (request.Query.TryGetValue("upload_id", out var id) && (!upload || id.ToString().Length == 0)) throw new GcsRefusedException(400, "invalid", "upload_id belongs to a resumable upload.");
        if (upload) return uploads.HandleAsync(request);
        return (segments.Count, method) switch
        {
            (3, "GET") => ListBucketsAsync(access.Require(request, "storage.buckets.list")),
            (3, "POST") => CreateBucketAsync(access.Require(request, "storage.buckets.create")),
            (4, "GET" or "PATCH") => BucketAsync(access.Require(request, method == "GET" ? "storage.buckets.get" : "storage.buckets.update")),
            (4, "DELETE") => RemoveBucketAsync(access.Require(request, "storage.buckets.delete")),
            (6, "GET") when segments[4] == "iam" => TestPermissionsAsync(request),
            (5, "GET") when segments[4] == "o" => reads.ListAsync(Known(access.Require(request, "storage.objects.list"))),
            (5, "POST") when segments[4] == "o" => uploads.HandleAsync(request),
            (6, "GET") when segments[4] == "o" => reads.GetAsync(Known(access.RequireGet(request))),
            (6, "DELETE") when segments[4] == "o" => objects.DeleteAsync(Known(access.Require(request, "storage.objects.delete"))),
            (6, "PATCH" or "PUT") when segments[4] == "o" => objects.UpdateAsync(Known(access.Require(request, "storage.objects.update"))),
            (7, "POST") when segments[6] == "compose" => objects.ComposeAsync(Known(access.Require(access.Require(request, "storage.objects.get"), "storage.objects.create"))),
            (11, "POST") when segments[6] is "rewriteTo" or "copyTo" => objects.CopyAsync(Known(access.Require(access.Require(request, "storage.objects.get"), "storage.objects.create"))),
            _ => throw new GcsRefusedException(404, "notFound", "Not Found"),
        };
    }

    // The path from storage/v1 on. "resumable", "upload" and "download" may lead it, never stand later: there they are names.
    // A client told of another host by STORAGE_EMULATOR_HOST may leave storage/v1 out.
    private static (List<string> Segments, bool Upload) Path(string target)
    {
        var segments = target.Split('?')[0].Trim('/').Split('/').Select(Uri.UnescapeDataString).ToList();
        if (segments[0] == "resumable") segments.RemoveAt(0);
        var upload = segments.FirstOrDefault() == "upload";
        if (segments.FirstOrDefault() is "upload" or "download") segments.RemoveAt(0);
        if (segments.FirstOrDefault() == "b") segments.InsertRange(0, ["storage", "v1"]);
        return segments is ["storage", "v1", "b", ..] ? (segments, upload) : throw new GcsRefusedException(404, "notFound", "Not Found");
    }

    private GcsRequest Known(GcsRequest request)
    {
        store.Require(request.Bucket);
        return request;
    }

    private Task ListBucketsAsync(GcsRequest request) => request.AnswerAsync(new JsonObject
    {
        ["kind"] = "storage#buckets",
        ["items"] = new JsonArray([.. store.Buckets().Select(b => Bucket(b, request.Origin))]),
    });

    private async Task CreateBucketAsync(GcsRequest request)
    {
        var name = GcsRequest.TextOf(await request.BodyAsync().ConfigureAwait(false), "name") ?? "";
        if (store.Exists(name)) throw new GcsRefusedException(409, "conflict", "Your previous request to create the named bucket succeeded and you already own it.");
        store.Create(name);
        await request.AnswerAsync(Bucket(name, request.Origin)).ConfigureAwait(false);
    }

    private Task BucketAsync(GcsRequest request) => request.AnswerAsync(Bucket(Known(request).Bucket, request.Origin));

    private Task RemoveBucketAsync(GcsRequest request)
    {
        if (!store.Exists(request.Bucket)) throw GcsRefusedException.NoBucket();
        store.Remove(request.Bucket);
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task TestPermissionsAsync(GcsRequest request)
    {
        var granted = request.Query["permissions"].OfType<string>().Where(p => access.Allows(Known(request), p)).ToArray();
        var answer = new JsonObject { ["kind"] = "storage#testIamPermissionsResponse" };
        if (granted.Length > 0) answer["permissions"] = new JsonArray([.. granted.Select(p => JsonValue.Create(p))]);
        return request.AnswerAsync(answer);
    }

    private static JsonObject Bucket(string name, string host) => new()
    {
        ["kind"] = "storage#bucket",
        ["id"] = name,
        ["name"] = name,
        ["selfLink"] = $"{host}/storage/v1/b/{name}",
        ["location"] = "US",
        ["locationType"] = "multi-region",
        ["storageClass"] = "STANDARD",
        ["metageneration"] = "1",
        ["etag"] = "CAE=",
        ["timeCreated"] = GcsObject.Time(DateTimeOffset.UnixEpoch),
        ["updated"] = GcsObject.Time(DateTimeOffset.UnixEpoch),
        ["iamConfiguration"] = new JsonObject { ["uniformBucketLevelAccess"] = new JsonObject { ["enabled"] = true } },
    };
}
