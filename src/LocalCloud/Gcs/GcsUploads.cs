using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Etl.LocalCloud.Gcs;

/// <summary>Uploads: media, multipart and resumable (https://cloud.google.com/storage/docs/uploads-downloads). Sessions do not outlive the process.</summary>
internal sealed partial class GcsUploads(GcsStore store, GcsAccess access)
{
    private readonly ConcurrentDictionary<string, Session> sessions = new();

    [GeneratedRegex(@"^bytes (?:(?<from>\d+)-(?<to>\d+|\*)|\*)/(?<total>\d+|\*)$")]
    private static partial Regex ContentRange { get; }

    public async Task HandleAsync(GcsRequest request)
    {
        if (request.Query["upload_id"].ToString() is { Length: > 0 } id)
        {
            if (!sessions.TryGetValue(id, out var session)) throw new GcsRefusedException(404, "notFound", "The upload session is not known.");
            if (HttpMethods.IsDelete(request.Context.Request.Method)) Cancel(request, session);
            else await ContinueInTurnAsync(request, session).ConfigureAwait(false);
            return;
        }

        store.Require(request.Bucket);
        switch (request.Query["uploadType"].ToString())
        {
            case "resumable":
                await StartAsync(request).ConfigureAwait(false);
                break;
            case "multipart":
                await MultipartAsync(request).ConfigureAwait(false);
                break;
            default:
                await MediaAsync(request).ConfigureAwait(false);
                break;
        }
    }

    private async Task StartAsync(GcsRequest request)
    {
        var fields = await request.BodyAsync().ConfigureAwait(false);
        if (request.Context.Request.Headers["x-upload-content-type"].ToString() is { Length: > 0 } type) fields["contentType"] ??= type;
        var session = new Session(Guid.NewGuid().ToString("N"), request.Bucket, NameOf(request, fields), fields, Preconditions.Of(request.Query), store.NewFile());
        access.RequireWrite(request, session.Name, session.Conditions);
        // Refused now rather than after all bytes are sent.
        if (!session.Conditions.Hold(store.Find(session.Bucket, session.Name))) throw GcsRefusedException.ConditionNotMet();
        await File.Create(session.File).DisposeAsync().ConfigureAwait(false);
        sessions[session.Id] = session;
        request.Context.Response.Headers.Location = $"{request.Origin}/upload/storage/v1/b/{request.Bucket}/o?uploadType=resumable&name={Uri.EscapeDataString(session.Name)}&upload_id={session.Id}";
        request.Context.Response.Headers["X-GUploader-UploadID"] = session.Id;
        request.Context.Response.ContentLength = 0;
    }

    // A client may resume before its broken connection is noticed here.
    private async Task ContinueInTurnAsync(GcsRequest request, Session session)
    {
        await session.Turn.WaitAsync(request.Cancel).ConfigureAwait(false);
        try
        {
            await ContinueAsync(request, session).ConfigureAwait(false);
        }
        finally
        {
            session.Turn.Release();
        }
    }

    private async Task ContinueAsync(GcsRequest request, Session session)
    {
        if (session.Finished is { } finished)
        {
            await request.AnswerAsync(finished.ToJson(request.Origin)).ConfigureAwait(false);
            return;
        }

        long? total = null;
        // Without a range, or with an open end, this request brings all that is left.
        var (asksOnly, isLast) = (false, true);
        if (request.Context.Request.Headers.ContentRange.ToString() is { Length: > 0 } text)
        {
            if (ContentRange.Match(text) is not { Success: true } range) throw new GcsRefusedException(400, "badRequest", "Failed to parse Content-Range header.");
            total = range.Groups["total"].Value == "*" ? null : long.Parse(range.Groups["total"].Value, CultureInfo.InvariantCulture);
            asksOnly = !range.Groups["from"].Success;
            isLast = range.Groups["to"].Value == "*";
            if (!asksOnly && long.Parse(range.Groups["from"].Value, CultureInfo.InvariantCulture) != session.Length)
                throw new GcsRefusedException(503, "backendError", $"The next byte to send is {session.Length}.");
        }

        var ended = true;
        if (!asksOnly) ended = await AppendAsync(request, session).ConfigureAwait(false);
        if (ended && (total is null ? isLast : total == session.Length))
        {
            if (request.Context.Request.Headers["x-goog-hash"].ToString() is { Length: > 0 } hash) session.Hashes.Add(hash);
            try
            {
                session.Finished = Finish(session.File, session.Checksums.Finish(), session.Length, session.Bucket, session.Name, session.Fields, session.Conditions, session.Hashes);
            }
            catch (GcsRefusedException)
            {
                // A session whose bytes are refused is over.
                sessions.TryRemove(session.Id, out _);
                throw;
            }

            await request.AnswerAsync(session.Finished.ToJson(request.Origin)).ConfigureAwait(false);
            return;
        }

        // A client whose HTTP library follows every 308 asks for another status (Google's library for Go does).
        if (request.Context.Request.Headers["X-GUploader-No-308"] == "yes") request.Context.Response.Headers["X-HTTP-Status-Code-Override"] = "308";
        else request.Context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        if (session.Length > 0) request.Context.Response.Headers.Range = $"bytes=0-{session.Length - 1}";
        request.Context.Response.ContentLength = 0;
    }

    // What arrived before a connection broke is kept: that is what a resumed upload goes on from.
    private static async Task<bool> AppendAsync(GcsRequest request, Session session)
    {
        var file = new FileStream(session.File, FileMode.Append, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
        await using var _ = file.ConfigureAwait(false);
        var buffer = new byte[128 << 10];
        while (true)
        {
            int read;
            try
            {
                read = await request.Context.Request.Body.ReadAsync(buffer, request.Cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or BadHttpRequestException)
            {
                return false;
            }

            if (read == 0) return true;
            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
            session.Checksums.Add(buffer.AsSpan(0, read));
            session.Length += read;
        }
    }

    private void Cancel(GcsRequest request, Session session)
    {
        sessions.TryRemove(session.Id, out _);
        File.Delete(session.File);
        request.Context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
    }

    private async Task MediaAsync(GcsRequest request)
    {
        var fields = new JsonObject();
        if (request.Context.Request.ContentType is { } type) fields["contentType"] = type;
        await SaveAsync(request, fields, request.Context.Request.Body).ConfigureAwait(false);
    }

    private async Task MultipartAsync(GcsRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.Context.Request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
            throw new GcsRefusedException(400, "badContent", "Multipart must have a boundary.");
        var reader = new MultipartReader(boundary, request.Context.Request.Body);
        var first = await reader.ReadNextSectionAsync(request.Cancel).ConfigureAwait(false) ?? throw new GcsRefusedException(400, "badContent", "The metadata part is missing.");
        using var text = new StreamReader(first.Body);
        var fields = GcsRequest.Parse(await text.ReadToEndAsync(request.Cancel).ConfigureAwait(false));
        var media = await reader.ReadNextSectionAsync(request.Cancel).ConfigureAwait(false) ?? throw new GcsRefusedException(400, "badContent", "The media part is missing.");
        if (media.ContentType is { } mediaType) fields["contentType"] ??= mediaType;
        await SaveAsync(request, fields, media.Body).ConfigureAwait(false);
    }

    private async Task SaveAsync(GcsRequest request, JsonObject fields, Stream body)
    {
        var name = NameOf(request, fields);
        access.RequireWrite(request, name, Preconditions.Of(request.Query));
        var path = store.NewFile();
        try
        {
            using var checksums = new ChecksumWriter();
            long length = 0;
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                var buffer = new byte[128 << 10];
                int read;
                while ((read = await body.ReadAsync(buffer, request.Cancel).ConfigureAwait(false)) > 0)
                {
                    await file.WriteAsync(buffer.AsMemory(0, read), request.Cancel).ConfigureAwait(false);
                    checksums.Add(buffer.AsSpan(0, read));
                    length += read;
                }
            }

            List<string> hashes = request.Context.Request.Headers["x-goog-hash"].ToString() is { Length: > 0 } hash ? [hash] : [];
            await request.AnswerAsync(Finish(path, checksums.Finish(), length, request.Bucket, name, fields, Preconditions.Of(request.Query), hashes).ToJson(request.Origin)).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private GcsObject Finish(string file, Checksums checksums, long length, string bucket, string name, JsonObject fields, Preconditions conditions, IEnumerable<string> hashes)
    {
        try
        {
            foreach (var (given, computed) in Given(fields, hashes).SelectMany(g => new[] { (g.Crc32c, checksums.Crc32c), (g.Md5, checksums.Md5) }))
                if (given is not null && given != computed)
                    throw new GcsRefusedException(400, "invalid", $"Provided hash \"{given}\" doesn't match calculated hash \"{computed}\".");
            var draft = new GcsObject { Bucket = bucket, Name = name, Generation = 0, Size = length, Checksums = checksums, Created = default, Updated = default };
            return store.Put(file, GcsObjects.WithFields(draft, fields), conditions);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // The checksums a client sends: in the metadata, or in x-goog-hash: crc32c=…,md5=….
    private static IEnumerable<(string? Crc32c, string? Md5)> Given(JsonObject fields, IEnumerable<string> hashes)
    {
        yield return (GcsRequest.TextOf(fields, "crc32c"), GcsRequest.TextOf(fields, "md5Hash"));
        foreach (var part in hashes.SelectMany(h => h.Split(',')).Select(p => p.Trim()))
            if (part.StartsWith("crc32c=", StringComparison.Ordinal)) yield return (part[7..], null);
            else if (part.StartsWith("md5=", StringComparison.Ordinal)) yield return (null, part[4..]);
    }

    private static string NameOf(GcsRequest request, JsonObject fields)
    {
        var name = request.Query["name"].ToString() is { Length: > 0 } asked ? asked : GcsRequest.TextOf(fields, "name") ?? "";
        return name.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(name) <= 1024 && name is not ("." or "..") && !name.AsSpan().ContainsAny('\r', '\n') ? name
            : throw new GcsRefusedException(400, "invalid", "An object's name must have 1 to 1024 bytes of UTF-8, without line breaks.");
    }

    private sealed record Session(string Id, string Bucket, string Name, JsonObject Fields, Preconditions Conditions, string File)
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public ChecksumWriter Checksums { get; } = new();

        public List<string> Hashes { get; } = [];

        public long Length { get; set; }

        public GcsObject? Finished { get; set; }
    }
}
