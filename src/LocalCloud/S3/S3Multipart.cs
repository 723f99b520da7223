using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.S3;

/// <summary>Multipart uploads (https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html). They do not outlive the process.</summary>
internal sealed class S3Multipart(S3Store store)
{
    private readonly ConcurrentDictionary<string, Upload> uploads = new();

    public Task StartAsync(S3Request request)
    {
        var id = Guid.NewGuid().ToString("N");
        uploads[id] = new Upload(id, request.Bucket, request.Key, S3Writes.Kept(request), new ConcurrentDictionary<int, Part>());
        return S3Xml.WriteAsync(request.Context, S3Xml.Element("InitiateMultipartUploadResult", S3Xml.Element("Bucket", request.Bucket), S3Xml.Element("Key", request.Key), S3Xml.Element("UploadId", id)));
    }

    public async Task UploadPartAsync(S3Request request)
    {
        var upload = Find(request);
        if (!int.TryParse(request.Parameter("partNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 10_000)
            throw new AwsRefusedException("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive", 400);
        var file = store.NewFile();
        try
        {
            var md5 = await S3Bodies.SaveAsync(request, file).ConfigureAwait(false);
            var part = new Part(file, md5, new FileInfo(file).Length);
            Part? replaced;
            lock (upload.Parts)
            {
                // The upload may have ended while the part came.
                Find(request);
                upload.Parts.TryGetValue(number, out replaced);
                upload.Parts[number] = part;
            }

            if (replaced is not null) File.Delete(replaced.Path);
            request.Context.Response.Headers.ETag = Tag(md5);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    public async Task CompleteAsync(S3Request request)
    {
        var upload = Find(request);
        var asked = Asked(await S3Writes.ReadXmlAsync(request, checksums: false).ConfigureAwait(false));
        if (asked.Count == 0 || asked.Any(p => !upload.Parts.TryGetValue(p.Number, out var part) || Tag(part.Md5).Trim('"') != p.ETag))
            throw new AwsRefusedException("InvalidPart", "One or more of the specified parts could not be found. The part might not have been uploaded, or the specified entity tag might not have matched the part's entity tag.", 400);
        if (asked.Zip(asked.Skip(1)).Any(pair => pair.First.Number >= pair.Second.Number)) throw new AwsRefusedException("InvalidPartOrder", "The list of parts was not in ascending order.", 400);

        var file = store.NewFile();
        string etag;
        try
        {
            var whole = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (whole.ConfigureAwait(false))
                foreach (var (number, _) in asked)
                {
                    var part = File.OpenRead(upload.Parts[number].Path);
                    await using (part.ConfigureAwait(false)) await part.CopyToAsync(whole, request.Cancel).ConfigureAwait(false);
                }

            etag = $"\"{Convert.ToHexStringLower(MD5.HashData([.. asked.SelectMany(p => upload.Parts[p.Number].Md5)]))}-{asked.Count}\"";
            store.Put(upload.Bucket, upload.Key, file, etag, upload.Headers, there => S3Writes.CheckConditions(request, there));
        }
        finally
        {
            File.Delete(file);
        }

        Forget(upload);
        await S3Xml.WriteAsync(request.Context, S3Xml.Element("CompleteMultipartUploadResult", S3Xml.Element("Bucket", upload.Bucket), S3Xml.Element("Key", upload.Key), S3Xml.Element("ETag", etag))).ConfigureAwait(false);
    }

    public Task AbortAsync(S3Request request)
    {
        Forget(Find(request));
        request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    public Task ListPartsAsync(S3Request request)
    {
        var upload = Find(request);
        return S3Xml.WriteAsync(request.Context, S3Xml.Element("ListPartsResult",
            S3Xml.Element("Bucket", upload.Bucket), S3Xml.Element("Key", upload.Key), S3Xml.Element("UploadId", upload.Id), S3Xml.Element("IsTruncated", "false"),
            upload.Parts.OrderBy(p => p.Key).Select(p => S3Xml.Element("Part", S3Xml.Element("PartNumber", p.Key), S3Xml.Element("ETag", Tag(p.Value.Md5)), S3Xml.Element("Size", p.Value.Length)))));
    }

    public Task ListUploadsAsync(S3Request request) => S3Xml.WriteAsync(request.Context, S3Xml.Element("ListMultipartUploadsResult",
        S3Xml.Element("Bucket", request.Bucket), S3Xml.Element("IsTruncated", "false"),
        uploads.Values.Where(u => u.Bucket == request.Bucket).OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => S3Xml.Element("Upload", S3Xml.Element("Key", u.Key), S3Xml.Element("UploadId", u.Id)))));

    private static List<(int Number, string ETag)> Asked(XElement body)
    {
        string? Text(XElement part, string name) => part.Elements().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

        return [.. body.Elements().Where(e => e.Name.LocalName == "Part").Select(p =>
            int.TryParse(Text(p, "PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Text(p, "ETag") is { } etag ? (number, etag.Trim('"')) : throw S3Xml.Malformed())];
    }

    private Upload Find(S3Request request) =>
        uploads.TryGetValue(request.Parameter("uploadId")!, out var upload) && upload.Bucket == request.Bucket && upload.Key == request.Key ? upload
        : throw new AwsRefusedException("NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.", 404);

    private void Forget(Upload upload)
    {
        lock (upload.Parts)
        {
            uploads.TryRemove(upload.Id, out _);
            foreach (var part in upload.Parts.Values) File.Delete(part.Path);
        }
    }

    private static string Tag(byte[] md5) => $"\"{Convert.ToHexStringLower(md5)}\"";

    private sealed record Upload(string Id, string Bucket, string Key, IReadOnlyDictionary<string, string> Headers, ConcurrentDictionary<int, Part> Parts);

    private sealed record Part(string Path, byte[] Md5, long Length);
}
