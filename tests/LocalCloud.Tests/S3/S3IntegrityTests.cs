using System.IO.Hashing;
using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Amazon.S3;
using Amazon.S3.Model;
using Xunit;

namespace Etl.LocalCloud.Tests.S3;

/// <summary>What S3 refuses so that no wrong byte, key or write is kept.</summary>
public sealed class S3IntegrityTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>, IDisposable
{
    private const string Digits = "123456789";
    private static readonly HttpClient Http = new();
    private readonly AmazonS3Client s3 = fixture.S3();

    // The check values of the CRC catalogue, and of FIPS 180-4's algorithms over the same text.
    [Theory]
    [InlineData("crc32", "cbf43926")]
    [InlineData("crc32c", "e3069283")]
    [InlineData("sha1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441")]
    [InlineData("sha256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225")]
    public async Task AChecksumIsHeldAgainstTheBody(string algorithm, string hex)
    {
        await BucketAsync("checksums");
        var right = Convert.ToBase64String(Convert.FromHexString(hex));

        var taken = await PutAsync("checksums", algorithm, Digits, algorithm, right);
        var refused = await PutAsync("checksums", algorithm + "-wrong", Digits + "0", algorithm, right);

        Assert.Equal(HttpStatusCode.OK, taken.Status);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("<Code>BadDigest</Code>", refused.Body, StringComparison.Ordinal);
        Assert.Equal([algorithm], (await ListAsync("checksums")).Where(k => k.StartsWith(algorithm, StringComparison.Ordinal) && !k.StartsWith(algorithm + "c", StringComparison.Ordinal)));
        Assert.Empty(Leftovers());
    }

    [Theory]
    [InlineData("CRC32")]
    [InlineData("CRC32C")]
    [InlineData("SHA1")]
    [InlineData("SHA256")]
    public async Task TheOfficialClientsChecksumsAreTaken(string algorithm)
    {
        await BucketAsync("official");

        var written = await s3.PutObjectAsync(new PutObjectRequest { BucketName = "official", Key = algorithm, ContentBody = Digits, ChecksumAlgorithm = ChecksumAlgorithm.FindValue(algorithm) });

        Assert.Equal(HttpStatusCode.OK, written.HttpStatusCode);
    }

    [Theory]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", Digits, true, null)]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", "987654321", true, "BadDigest")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", null, true, "MalformedTrailerError")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", Digits, true, null)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "987654321", true, "BadDigest")]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", Digits, false, "SignatureDoesNotMatch")]
    public async Task ATrailingChecksumIsHeldAgainstTheBody(string payload, string? summed, bool rightlySigned, string? code)
    {
        await BucketAsync("trailers");

        var answer = await S3Trailer.PutAsync(fixture.Server, "/trailers/k", Digits, payload, summed is null ? null : Sum(summed), rightlySigned);

        Assert.Equal(code is null ? HttpStatusCode.OK : code == "SignatureDoesNotMatch" ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, answer.Status);
        if (code is not null) Assert.Contains($"<Code>{code}</Code>", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyHas1024BytesAtMost()
    {
        await BucketAsync("long-keys");
        var longest = new string('é', 512);

        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "long-keys", Key = longest, ContentBody = "" });
        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.PutObjectAsync(new PutObjectRequest { BucketName = "long-keys", Key = longest + "e", ContentBody = "" }));

        Assert.Equal(("KeyTooLongError", HttpStatusCode.BadRequest), (error.ErrorCode, error.StatusCode));
        Assert.Equal([longest], await ListAsync("long-keys"));
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("a\rb\nc")]
    [InlineData("a\uFFFEb")]
    public async Task AKeyWithControlCharactersIsListed(string key)
    {
        var bucket = $"control-{(int)key[1]}";
        await BucketAsync(bucket);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = "" });

        var encoded = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Encoding = EncodingType.Url });
        var plain = await Http.GetStringAsync(await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest { BucketName = bucket, Expires = Soon, Protocol = Protocol.HTTP }));
        using var reader = XmlReader.Create(new StringReader(plain), new XmlReaderSettings { CheckCharacters = false });

        Assert.Equal([key], encoded.S3Objects.Select(o => Uri.UnescapeDataString(o.Key)));
        Assert.Equal([key], XElement.Load(reader).Descendants().Where(e => e.Name.LocalName == "Key").Select(e => e.Value));
    }

    [Fact]
    public async Task KeysBeyondTheBasicPlaneAreListedOnEveryPage()
    {
        await BucketAsync("planes");
        // In UTF-8 the cat comes last, in UTF-16 before the full-width letter.
        string[] keys = ["a", "ね", "\uFF21", "\U0001F408", "\U0001F408/1"];
        foreach (var key in keys) await s3.PutObjectAsync(new PutObjectRequest { BucketName = "planes", Key = key, ContentBody = "" });

        var listed = new List<string>();
        await foreach (var item in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = "planes", MaxKeys = 1 }).S3Objects) listed.Add(item.Key);

        Assert.Equal(keys, listed);
    }

    [Fact]
    public async Task OfManyWhoCreateAtOnceOneWins()
    {
        await BucketAsync("race");

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async n =>
        {
            try
            {
                return (await s3.PutObjectAsync(new PutObjectRequest { BucketName = "race", Key = "k", ContentBody = $"{n}", IfNoneMatch = "*" })).HttpStatusCode;
            }
            catch (AmazonS3Exception e)
            {
                return e.StatusCode;
            }
        }));

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(15, answers.Count(a => a == HttpStatusCode.PreconditionFailed));
        Assert.Empty(Leftovers());
    }

    [Fact]
    public async Task AnUploadInPartsKeepsToItsConditionAndLeavesNoFile()
    {
        await BucketAsync("parts-once");
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = "parts-once", Key = "k", ContentBody = "first" });
        var upload = await s3.InitiateMultipartUploadAsync("parts-once", "k");
        UploadPartRequest Part(string text) => new() { BucketName = "parts-once", Key = "k", UploadId = upload.UploadId, PartNumber = 1, InputStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) };
        await s3.UploadPartAsync(Part("replaced"));
        var part = await s3.UploadPartAsync(Part("second"));

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = "parts-once", Key = "k", UploadId = upload.UploadId, PartETags = [new PartETag(1, part.ETag)], IfNoneMatch = "*" }));
        var kept = Leftovers();
        await s3.AbortMultipartUploadAsync("parts-once", "k", upload.UploadId);

        Assert.Equal(HttpStatusCode.PreconditionFailed, error.StatusCode);
        Assert.Single(kept);
        Assert.Empty(Leftovers());
    }

    public void Dispose() => s3.Dispose();

    private static DateTime Soon => TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10);

    private static string Sum(string text)
    {
        var bytes = Crc32.Hash(Encoding.UTF8.GetBytes(text));
        Array.Reverse(bytes);
        return Convert.ToBase64String(bytes);
    }

    private async Task<(HttpStatusCode Status, string Body)> PutAsync(string bucket, string key, string body, string algorithm, string sum)
    {
        var url = await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest { BucketName = bucket, Key = key, Verb = HttpVerb.PUT, Expires = Soon, Protocol = Protocol.HTTP });
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Headers.Add("x-amz-checksum-" + algorithm, sum);
        using var response = await Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task BucketAsync(string bucket)
    {
        if ((await s3.ListBucketsAsync()).Buckets?.Any(b => b.BucketName == bucket) is not true) await s3.PutBucketAsync(bucket);
    }

    private async Task<IReadOnlyList<string>> ListAsync(string bucket) => [.. (await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects.Select(o => o.Key)];

    private string[] Leftovers() => Directory.GetFiles(Path.Combine(fixture.Folder, "data", "s3"), ".upload-*");
}
