using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Xunit;

namespace Etl.LocalCloud.Tests.S3;

public sealed class S3Tests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>
{
    private readonly AmazonS3Client s3 = fixture.S3();

    [Fact]
    public async Task AFolderIsShownAsABucket()
    {
        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "shown-bucket" });

        var only = Assert.Single(listed.S3Objects);
        Assert.Equal(("in/a.csv", 8), (only.Key, only.Size));
        Assert.Equal("a,b\n1,2\n", await TextAsync("shown-bucket", "in/a.csv"));
    }

    [Fact]
    public async Task ALinkInTheFolderIsTheFileThatItLeadsTo()
    {
        var bucket = Directory.CreateDirectory(Path.Combine(fixture.Shown, "linked-bucket")).FullName;
        File.CreateSymbolicLink(Path.Combine(bucket, "a.csv"), Path.Combine(fixture.Shown, "shown-bucket", "in", "a.csv"));
        File.CreateSymbolicLink(Path.Combine(bucket, "b.csv"), "missing.csv");

        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "linked-bucket" });

        var only = Assert.Single(listed.S3Objects);
        Assert.Equal(("a.csv", 8), (only.Key, only.Size));
        Assert.Equal("a,b\n1,2\n", await TextAsync("linked-bucket", "a.csv"));
    }

    [Fact]
    public async Task AListingComesInPagesAndInFolders()
    {
        await s3.PutBucketAsync("pages");
        foreach (var key in new[] { "a/1", "a/2", "b", "c/d/e", "ねこ", "z" }) await PutAsync("pages", key, key);

        var keys = new List<string>();
        string? token = null;
        do
        {
            var page = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "pages", MaxKeys = 2, ContinuationToken = token });
            Assert.InRange(page.S3Objects.Count, 1, 2);
            keys.AddRange(page.S3Objects.Select(o => o.Key));
            token = page.NextContinuationToken;
        }
        while (token is not null);
        var top = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "pages", Delimiter = "/" });

        Assert.Equal(["a/1", "a/2", "b", "c/d/e", "z", "ねこ"], keys);
        Assert.Equal(["a/", "c/"], top.CommonPrefixes);
        Assert.Equal(["b", "z", "ねこ"], top.S3Objects.Select(o => o.Key));
    }

    [Fact]
    public async Task ARangeOfAPinnedVersionIsRead()
    {
        await s3.PutBucketAsync("ranges");
        var written = await PutAsync("ranges", "k", "0123456789");

        using var part = await s3.GetObjectAsync(new GetObjectRequest { BucketName = "ranges", Key = "k", ByteRange = new ByteRange(3, 5), EtagToMatch = written.ETag });

        Assert.Equal(HttpStatusCode.PartialContent, part.HttpStatusCode);
        Assert.Equal("345", await new StreamReader(part.ResponseStream).ReadToEndAsync());
        Assert.Equal("bytes 3-5/10", part.ContentRange);
        await PutAsync("ranges", "k", "another");
        var changed = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectAsync(new GetObjectRequest { BucketName = "ranges", Key = "k", EtagToMatch = written.ETag }));
        Assert.Equal(HttpStatusCode.PreconditionFailed, changed.StatusCode);
        var beyond = await Assert.ThrowsAsync<AmazonS3Exception>(() => s3.GetObjectAsync(new GetObjectRequest { BucketName = "ranges", Key = "k", ByteRange = new ByteRange(100, 200) }));
        Assert.Equal("InvalidRange", beyond.ErrorCode);
    }

    [Fact]
    public async Task ABigObjectIsUploadedInParts()
    {
        await s3.PutBucketAsync("parts");
        var bytes = new byte[12 << 20];
        new Random(7).NextBytes(bytes);
        using var transfer = new TransferUtility(s3, new TransferUtilityConfig { MinSizeBeforePartUpload = 5 << 20 });

        await transfer.UploadAsync(new TransferUtilityUploadRequest { BucketName = "parts", Key = "big", InputStream = new MemoryStream(bytes), PartSize = 5 << 20 });

        using var read = await s3.GetObjectAsync("parts", "big");
        var back = new MemoryStream();
        await read.ResponseStream.CopyToAsync(back);
        Assert.True(bytes.AsSpan().SequenceEqual(back.ToArray()));
        Assert.EndsWith("-3\"", read.ETag, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APresignedAddressReadsWithoutCredentials()
    {
        var url = await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest { BucketName = "shown-bucket", Key = "in/a.csv", Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10), Protocol = Protocol.HTTP });
        using var http = new HttpClient();

        Assert.Equal("a,b\n1,2\n", await http.GetStringAsync(url));
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync(url.Replace("a.csv", "b.csv", StringComparison.Ordinal))).StatusCode);
    }

    [Fact]
    public async Task APresignedAddressIsGoodForAWeekAtMost()
    {
        var url = await s3.GetPreSignedURLAsync(new GetPreSignedUrlRequest { BucketName = "shown-bucket", Key = "in/a.csv", Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10), Protocol = Protocol.HTTP });
        using var http = new HttpClient();

        using var refused = await http.GetAsync(System.Text.RegularExpressions.Regex.Replace(url, "X-Amz-Expires=[0-9]+", "X-Amz-Expires=604801"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("AuthorizationQueryParametersError", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../escape")]
    [InlineData("a/../b")]
    [InlineData("ends/with/")]
    [InlineData("tab\tand é 中")]
    public async Task AnyKeyIsKeptAndNoneLeavesTheFolder(string key)
    {
        await s3.PutBucketAsync("keys-" + key.Length);
        // The SDK folds dots in a path, so the request is made by hand.
        await PutAsync("keys-" + key.Length, key.Replace("..", "%2E%2E", StringComparison.Ordinal), "kept");

        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "keys-" + key.Length });

        Assert.Single(listed.S3Objects);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(fixture.Folder, "*", SearchOption.AllDirectories), p => p.EndsWith("escape", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnUploadWithAWrongSecretIsRefused()
    {
        using var wrong = fixture.S3(secret: "wrong");

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => wrong.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "shown-bucket" }));

        Assert.Equal("SignatureDoesNotMatch", error.ErrorCode);
    }

    [Fact]
    public async Task ARoleWithoutPermissionIsDenied()
    {
        using var denied = fixture.S3(fixture.Server.Assume("reader", TimeSpan.FromHours(1), mayUseS3: false));

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => denied.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "shown-bucket" }));

        Assert.Equal("AccessDenied", error.ErrorCode);
    }

    [Fact]
    public async Task ExpiredCredentialsAreRefused()
    {
        using var expired = fixture.S3(fixture.Server.Assume("reader", TimeSpan.FromSeconds(-1)));

        var error = await Assert.ThrowsAsync<AmazonS3Exception>(() => expired.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "shown-bucket" }));

        Assert.Equal("ExpiredToken", error.ErrorCode);
    }

    [Fact]
    public async Task ABucketThatIsNotThereIsSaid()
    {
        var error = await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "no-such-bucket" }));

        Assert.Equal("NoSuchBucket", error.ErrorCode);
    }

    [Fact]
    public async Task ObjectsSurviveARestart()
    {
        await s3.PutBucketAsync("lasting");
        var written = await PutAsync("lasting", "k", "kept");

        await using var again = await fixture.StartAsync();
        using var client = fixture.S3(server: again);
        using var read = await client.GetObjectAsync("lasting", "k");

        Assert.Equal(written.ETag, read.ETag);
    }

    private Task<PutObjectResponse> PutAsync(string bucket, string key, string text) =>
        s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, InputStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });

    private async Task<string> TextAsync(string bucket, string key)
    {
        using var read = await s3.GetObjectAsync(bucket, key);
        return await new StreamReader(read.ResponseStream).ReadToEndAsync();
    }
}
