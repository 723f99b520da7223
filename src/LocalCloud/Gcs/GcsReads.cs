using System.Globalization;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Etl.LocalCloud.Gcs;

/// <summary>Listing, metadata and downloads.</summary>
internal sealed class GcsReads(GcsStore store)
{
    private const int LargestPage = 1000;

    public Task ListAsync(GcsRequest request)
    {
        string Text(string name) => request.Query[name].ToString();
        var (prefix, delimiter) = (Text("prefix"), Text("delimiter"));
        var most = int.TryParse(Text("maxResults"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, LargestPage) : LargestPage;
        var after = Text("pageToken").Length > 0 ? After(Text("pageToken")) : null;
        var items = new JsonArray();
        var prefixes = new List<string>();
        string? last = null, next = null;
        foreach (var found in store.List(request.Bucket))
        {
            if (!found.Name.StartsWith(prefix, StringComparison.Ordinal)
                || (Text("startOffset") is { Length: > 0 } start && Utf8Order.Instance.Compare(found.Name, start) < 0)
                || (Text("endOffset") is { Length: > 0 } end && Utf8Order.Instance.Compare(found.Name, end) >= 0)) continue;
            var cut = delimiter.Length == 0 ? -1 : found.Name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            var shown = cut < 0 ? found.Name : found.Name[..(cut + delimiter.Length)];
            if (shown == last || (after is not null && Utf8Order.Instance.Compare(shown, after) <= 0)) continue;
            if (items.Count + prefixes.Count == most)
            {
                next = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(last!));
                break;
            }

            last = shown;
            if (cut < 0) items.Add(found.ToJson(request.Origin));
            else prefixes.Add(shown);
        }

        var answer = new JsonObject { ["kind"] = "storage#objects" };
        if (items.Count > 0) answer["items"] = items;
        if (prefixes.Count > 0) answer["prefixes"] = new JsonArray([.. prefixes.Select(p => JsonValue.Create(p))]);
        if (next is not null) answer["nextPageToken"] = next;
        return request.AnswerAsync(answer);
    }

    private static string After(string pageToken)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(pageToken));
        }
        catch (FormatException)
        {
            throw new GcsRefusedException(400, "invalid", "Invalid value for pageToken.");
        }
    }

    public async Task GetAsync(GcsRequest request)
    {
        var found = store.Find(request.Bucket, request.Name);
        if (found is null || (request.Query["generation"].ToString() is { Length: > 0 } generation && generation != found.Generation.ToString(CultureInfo.InvariantCulture)))
            throw GcsRefusedException.NoObject(request.Bucket, request.Name);
        var conditions = Preconditions.Of(request.Query);
        if (!conditions.Hold(found))
        {
            if (conditions.GenerationNotMatch is null && conditions.MetagenerationNotMatch is null) throw GcsRefusedException.ConditionNotMet();
            request.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (request.Query["alt"] == "media") await DownloadAsync(request, found).ConfigureAwait(false);
        else await request.AnswerAsync(found.ToJson(request.Origin)).ConfigureAwait(false);
    }

    private async Task DownloadAsync(GcsRequest request, GcsObject found)
    {
        var response = request.Context.Response;
        response.ContentType = found.ContentType ?? "application/octet-stream";
        response.Headers.ETag = $"\"{found.ETag}\"";
        response.Headers["x-goog-hash"] = $"crc32c={found.Checksums.Crc32c},md5={found.Checksums.Md5}";
        response.Headers["x-goog-generation"] = found.Generation.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-goog-metageneration"] = found.Metageneration.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-goog-stored-content-encoding"] = found.ContentEncoding ?? "identity";
        response.Headers["x-goog-stored-content-length"] = found.Size.ToString(CultureInfo.InvariantCulture);
        if (found.ContentEncoding is not null) response.Headers.ContentEncoding = found.ContentEncoding;
        var (offset, length) = (0L, found.Size);
        if (RangeHeaderValue.TryParse(request.Context.Request.Headers.Range.ToString(), out var range) && range.Ranges.Count == 1)
        {
            var only = range.Ranges.First();
            offset = only.From ?? Math.Max(0, found.Size - only.To!.Value);
            var to = only.From is null ? found.Size - 1 : Math.Min(only.To ?? long.MaxValue, found.Size - 1);
            if (offset >= found.Size)
            {
                response.Headers.ContentRange = $"bytes */{found.Size}";
                throw new GcsRefusedException(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
            }

            length = to - offset + 1;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {offset}-{to}/{found.Size}";
            // The hashes are the whole object's: Google's client would hold the part against them.
            response.Headers.Remove("x-goog-hash");
        }

        response.ContentLength = length;
        await response.SendFileAsync(store.PathOf(found.Bucket, found.Name), offset, length, request.Cancel).ConfigureAwait(false);
    }
}
