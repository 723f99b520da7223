using System.Text;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.S3;

/// <summary>Amazon S3's REST API, path style (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html). Every request's signature is verified.</summary>
internal sealed class S3Service(S3Store store, SigV4Verifier verifier, AwsPolicies policies, bool createMissing)
{
    private const int LongestKey = 1024;
    private readonly S3Listing listing = new(store);
    private readonly S3Reads reads = new(store);
    private readonly S3Writes writes = new(store);
    private readonly S3Multipart multipart = new(store);

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["x-amz-request-id"] = context.TraceIdentifier;
        try
        {
            await DispatchAsync(Verified(context)).ConfigureAwait(false);
        }
        catch (AwsRefusedException refusal) when (!context.Response.HasStarted)
        {
            await S3Xml.WriteErrorAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private S3Request Verified(HttpContext context)
    {
        var signed = SignedRequest.Of(context);
        var payload = signed.Parameter("X-Amz-Algorithm") is not null ? "UNSIGNED-PAYLOAD"
            : signed.Headers.GetValueOrDefault("x-amz-content-sha256") ?? throw new AwsRefusedException("AccessDenied", "Access Denied");
        var by = verifier.Verify(signed, payload, "s3");
        if (!by.Key.MayUseS3) throw new AwsRefusedException("AccessDenied", $"User: {by.Key.Arn} is not authorized to perform this operation because no identity-based policy allows it");
        var path = signed.Path.TrimStart('/').Split('/', 2);
        return new S3Request(context, signed, by, payload, Uri.UnescapeDataString(path[0]), path.Length > 1 ? Uri.UnescapeDataString(path[1]) : "");
    }

    private Task DispatchAsync(S3Request request)
    {
        var method = request.Context.Request.Method;
        if (request.Bucket.Length == 0) return ListBucketsAsync(request);
        if (request.Bucket.Length is < 3 or > 63 || request.Bucket.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '-' or '.')) || request.Bucket.Contains("..", StringComparison.Ordinal) || request.Bucket[0] == '.')
            throw new AwsRefusedException("InvalidBucketName", "The specified bucket is not valid.", 400);
        if (Encoding.UTF8.GetByteCount(request.Key) > LongestKey) throw new AwsRefusedException("KeyTooLongError", "Your key is too long", 400);
        if (request.Key.Length == 0 && method == HttpMethods.Put) return CreateBucketAsync(request);
        Permit(request);
        // Writing an object makes the bucket; asking for one does not, and finds none.
        if (createMissing && request.Key.Length > 0 && !store.Exists(request.Bucket))
        {
            if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) throw new AwsRefusedException("NoSuchKey", "The specified key does not exist.", 404);
            store.Create(request.Bucket);
        }

        if (!store.Exists(request.Bucket)) throw new AwsRefusedException("NoSuchBucket", "The specified bucket does not exist", 404);
        return (method, request.Key.Length > 0) switch
        {
            ("HEAD", false) => Task.CompletedTask,
            ("GET", false) when request.Parameter("location") is not null => S3Xml.WriteAsync(request.Context, S3Xml.Element("LocationConstraint", "ap-northeast-1")),
            ("GET", false) when request.Parameter("uploads") is not null => multipart.ListUploadsAsync(request),
            ("GET", false) => listing.ListAsync(request),
            ("POST", false) when request.Parameter("delete") is not null => writes.DeleteManyAsync(request),
            ("GET" or "HEAD", true) when request.Parameter("uploadId") is not null => multipart.ListPartsAsync(request),
            ("GET" or "HEAD", true) => reads.GetAsync(request),
            ("PUT", true) when request.Parameter("uploadId") is not null => multipart.UploadPartAsync(request),
            ("PUT", true) when request.Header("x-amz-copy-source") is not null => writes.CopyAsync(request),
            ("PUT", true) => writes.PutAsync(request),
            ("POST", true) when request.Parameter("uploads") is not null => multipart.StartAsync(request),
            ("POST", true) when request.Parameter("uploadId") is not null => multipart.CompleteAsync(request),
            ("DELETE", true) when request.Parameter("uploadId") is not null => multipart.AbortAsync(request),
            ("DELETE", true) => writes.DeleteAsync(request),
            _ => throw new AwsRefusedException("MethodNotAllowed", "The specified method is not allowed against this resource.", 405),
        };
    }

    private void Permit(S3Request request)
    {
        var reads = request.Context.Request.Method is "GET" or "HEAD";
        if (request.Key.Length == 0)
        {
            Permit(request, reads ? "s3:ListBucket" : "s3:DeleteObject", request.Bucket);
            return;
        }

        var item = $"{request.Bucket}/{request.Key}";
        Permit(request, reads ? "s3:GetObject" : request.Context.Request.Method == "DELETE" ? "s3:DeleteObject" : "s3:PutObject", item);
        // Only who may list is told that there is no such object.
        if (reads && store.Find(request.Bucket, request.Key) is null) Permit(request, "s3:ListBucket", request.Bucket);
    }

    private void Permit(S3Request request, string action, string resource)
    {
        var (key, arn) = (request.By.Key, "arn:aws:s3:::" + resource);
        if (!policies.Allow(key, action, arn, request.Parameter("prefix")))
            throw new AwsRefusedException("AccessDenied", $"User: {key.Arn} is not authorized to perform: {action} on resource: \"{arn}\" because no identity-based policy allows the {action} action");
    }

    private Task ListBucketsAsync(S3Request request) => S3Xml.WriteAsync(request.Context, S3Xml.Element("ListAllMyBucketsResult",
        S3Xml.Element("Owner", S3Xml.Element("ID", AwsKey.Account)),
        S3Xml.Element("Buckets", store.Buckets().Select(b => S3Xml.Element("Bucket", S3Xml.Element("Name", b), S3Xml.Element("CreationDate", S3Xml.Time(DateTimeOffset.UnixEpoch)))))));

    private Task CreateBucketAsync(S3Request request)
    {
        if (store.Exists(request.Bucket)) throw new AwsRefusedException("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", 409);
        store.Create(request.Bucket);
        request.Context.Response.Headers.Location = "/" + request.Bucket;
        return Task.CompletedTask;
    }
}
