using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google;
using Google.Cloud.Storage.V1;
using Xunit;

namespace Etl.LocalCloud.Tests.Gcs;

/// <summary>Reading, listing and changing objects with Google's client.</summary>
public sealed class GcsObjectTests(LocalCloudFixture fixture) : IClassFixture<LocalCloudFixture>
{
    [Fact]
    public async Task ARangeIsRead()
    {
        using var gcs = await fixture.GcsAsync();
        await PutAsync(gcs, "ranges", "k", "0123456789");

        var back = new MemoryStream();
        await gcs.DownloadObjectAsync("ranges", "k", back, new DownloadObjectOptions { Range = new RangeHeaderValue(3, 5) });

        Assert.Equal("345", Encoding.UTF8.GetString(back.ToArray()));
    }

    [Fact]
    public async Task AListingComesInPagesAndInFolders()
    {
        using var gcs = await fixture.GcsAsync();
        foreach (var name in new[] { "p/a/1", "p/a/2", "p/b", "p/c/d", "p/z", "q" }) await PutAsync(gcs, "pages", name, name);

        var pages = new List<Google.Apis.Storage.v1.Data.Objects>();
        await foreach (var page in gcs.ListObjectsAsync("pages", "p/", new ListObjectsOptions { PageSize = 2, Delimiter = "/" }).AsRawResponses()) pages.Add(page);

        Assert.All(pages, p => Assert.InRange((p.Items?.Count ?? 0) + (p.Prefixes?.Count ?? 0), 1, 2));
        Assert.Equal(["p/b", "p/z"], pages.SelectMany(p => p.Items ?? []).Select(o => o.Name));
        Assert.Equal(["p/a/", "p/c/"], pages.SelectMany(p => p.Prefixes ?? []));
        Assert.Equal("p/a/1", (await gcs.ListObjectsAsync("pages", "p/a").FirstAsync()).Name);
    }

    [Fact]
    public async Task NamesBeyondTheBasicPlaneAreListedOnEveryPage()
    {
        using var gcs = await fixture.GcsAsync();
        // In UTF-8 the cat comes last, in UTF-16 before the full-width letter.
        string[] names = ["a", "ね", "\uFF21", "\U0001F408", "\U0001F408/1"];
        foreach (var name in names) await PutAsync(gcs, "planes", name, name);

        var listed = await gcs.ListObjectsAsync("planes", null, new ListObjectsOptions { PageSize = 1 }).Select(o => o.Name).ToListAsync();

        Assert.Equal(names, listed);
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("../../escape")]
    [InlineData("ends/")]
    [InlineData("ねこ é 🐈")]
    [InlineData("download")]
    [InlineData("upload")]
    [InlineData("resumable")]
    [InlineData("upload/download/resumable")]
    [InlineData("b")]
    [InlineData("per%20cent+plus?#")]
    public async Task AnyNameIsKeptAndNoneLeavesTheFolder(string name)
    {
        using var gcs = await fixture.GcsAsync();
        var bucket = "names-" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(name));
        await PutAsync(gcs, bucket, name, "kept");

        var back = new MemoryStream();
        var read = await gcs.DownloadObjectAsync(bucket, name, back);

        Assert.Equal((name, "kept"), (read.Name, Encoding.UTF8.GetString(back.ToArray())));
        Assert.Equal([name], await gcs.ListObjectsAsync(bucket).Select(o => o.Name).ToListAsync());
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(fixture.Folder, "*", SearchOption.AllDirectories), p => p.EndsWith("escape", StringComparison.Ordinal));
        await gcs.DeleteObjectAsync(bucket, name);
        Assert.Empty(await gcs.ListObjectsAsync(bucket).ToListAsync());
    }

    [Fact]
    public async Task ABucketMayHaveTheNameOfAPathsPart()
    {
        using var gcs = await fixture.GcsAsync();
        await PutAsync(gcs, "download", "k", "kept");

        Assert.Equal("k", (await gcs.GetObjectAsync("download", "k")).Name);
    }

    [Fact]
    public async Task APatchMergesMetadataAndLeavesTheRest()
    {
        using var http = await GcsHttp.OpenAsync(fixture);
        using var gcs = await fixture.GcsAsync();
        await gcs.UploadObjectAsync(new Google.Apis.Storage.v1.Data.Object { Bucket = "patched", Name = "k", ContentType = "text/a", CacheControl = "no-store", Metadata = new Dictionary<string, string> { ["kept"] = "1", ["gone"] = "2" } }, new MemoryStream([1]));

        await http.JsonAsync(HttpMethod.Patch, "/storage/v1/b/patched/o/k", """{"metadata":{"gone":null,"new":"3"},"cacheControl":null}""");
        var patched = await gcs.GetObjectAsync("patched", "k");
        await http.JsonAsync(HttpMethod.Put, "/storage/v1/b/patched/o/k", """{"metadata":{"only":"4"}}""");
        var replaced = await gcs.GetObjectAsync("patched", "k");

        Assert.Equal(new Dictionary<string, string> { ["kept"] = "1", ["new"] = "3" }, patched.Metadata);
        Assert.Equal(("text/a", null, 2), (patched.ContentType, patched.CacheControl, patched.Metageneration));
        Assert.Equal(new Dictionary<string, string> { ["only"] = "4" }, replaced.Metadata);
    }

    [Fact]
    public async Task NoPatchOfManyAtOnceIsLost()
    {
        using var http = await GcsHttp.OpenAsync(fixture);
        using var gcs = await fixture.GcsAsync();
        await PutAsync(gcs, "many", "k", "v");

        await Task.WhenAll(Enumerable.Range(0, 16).Select(n => http.JsonAsync(HttpMethod.Patch, "/storage/v1/b/many/o/k", $$$"""{"metadata":{"m{{{n}}}":"v"}}""")));

        Assert.Equal(16, (await gcs.GetObjectAsync("many", "k")).Metadata.Count);
    }

    [Theory]
    [InlineData("GET", "/storage/v1/b/bad-requests/o?pageToken=!!!", null)]
    [InlineData("POST", "/storage/v1/b?project=p", """{"name":5}""")]
    [InlineData("POST", "/storage/v1/b?project=p", """{"name":{}}""")]
    [InlineData("POST", "/storage/v1/b?project=p", "[]")]
    [InlineData("POST", "/storage/v1/b?project=p", "{}")]
    [InlineData("POST", "/upload/storage/v1/b/bad-requests/o?uploadType=resumable", """{"name":5}""")]
    [InlineData("POST", "/storage/v1/b/bad-requests/o/k/compose", """{"sourceObjects":[]}""")]
    [InlineData("PATCH", "/storage/v1/b/bad-requests/o/k", """{"contentType":5}""")]
    [InlineData("PATCH", "/storage/v1/b/bad-requests/o/k", """{"metadata":{"a":[]}}""")]
    public async Task ABadRequestIsSaidToBeOne(string method, string path, string? body)
    {
        using var http = await GcsHttp.OpenAsync(fixture);
        using var gcs = await fixture.GcsAsync();
        await PutAsync(gcs, "bad-requests", "k", "v");

        using var refused = await http.SendAsync(new HttpMethod(method), path, body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task AClientThatLeavesOutTheApisPathIsServed()
    {
        using var http = await GcsHttp.OpenAsync(fixture);

        var bucket = await http.JsonAsync(HttpMethod.Post, "/b?project=p", """{"name":"short-paths"}""");
        using var text = await http.SendAsync(HttpMethod.Post, "/upload/b/short-paths/o?uploadType=media&name=k", "v");
        var items = await http.JsonAsync(HttpMethod.Get, "/b/short-paths/o");
        using var media = await http.SendAsync(HttpMethod.Get, "/b/short-paths/o/k?alt=media");

        Assert.Equal("short-paths", bucket["name"]!.GetValue<string>());
        Assert.Equal("k", items["items"]![0]!["name"]!.GetValue<string>());
        Assert.Equal("v", await media.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WithoutATokenNothingIsAnswered()
    {
        using var http = new HttpClient { BaseAddress = fixture.Server.Endpoints.CloudStorage };

        using var none = await http.GetAsync("/storage/v1/b?project=p");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "unknown");
        using var unknown = await http.GetAsync("/storage/v1/b?project=p");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (none.StatusCode, unknown.StatusCode));
    }

    [Theory]
    [InlineData("GET", "/storage/v1/b/known/o/k?alt=media&upload_id=1", HttpStatusCode.BadRequest)]
    [InlineData("DELETE", "/storage/v1/b/known/o/k?upload_id=1", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/upload/storage/v1/b/known/o?uploadType=media&name=new&upload_id=", HttpStatusCode.BadRequest)]
    [InlineData("PUT", "/upload/storage/v1/b/known/o?uploadType=media&name=new&upload_id=1", HttpStatusCode.NotFound)]
    public async Task AnUploadIdOpensNothingButItsSession(string method, string path, HttpStatusCode status)
    {
        using var signedIn = await GcsHttp.OpenAsync(fixture);
        using var gcs = await fixture.GcsAsync();
        await PutAsync(gcs, "known", "k", "secret");
        using var http = new HttpClient { BaseAddress = fixture.Server.Endpoints.CloudStorage };

        using var refused = await signedIn.SendAsync(new HttpMethod(method), path, "v");
        using var stranger = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, refused.StatusCode);
        Assert.False(stranger.IsSuccessStatusCode);
        Assert.Equal(["k"], await gcs.ListObjectsAsync("known").Select(o => o.Name).ToListAsync());
    }

    [Fact]
    public async Task ABucketThatIsNotThereIsSaidWhenNoneMayBeMade()
    {
        await using var strict = await fixture.StartAsync(createMissing: false);
        using var gcs = await fixture.GcsAsync(strict);

        var upload = await Assert.ThrowsAsync<GoogleApiException>(() => PutAsync(gcs, "no-such-bucket", "k", "v"));
        var list = await Assert.ThrowsAsync<GoogleApiException>(async () => await gcs.ListObjectsAsync("no-such-bucket").ToListAsync());

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (upload.HttpStatusCode, list.HttpStatusCode));
    }

    [Fact]
    public async Task ObjectsSurviveARestart()
    {
        using var gcs = await fixture.GcsAsync();
        var written = await PutAsync(gcs, "lasting", "k", "kept");

        await using var again = await fixture.StartAsync();
        using var client = await fixture.GcsAsync(again);
        var back = new MemoryStream();
        var read = await client.DownloadObjectAsync("lasting", "k", back);

        Assert.Equal((written.Generation, written.Crc32c), (read.Generation, read.Crc32c));
        Assert.Equal("kept", Encoding.UTF8.GetString(back.ToArray()));
    }

    private static Task<Google.Apis.Storage.v1.Data.Object> PutAsync(StorageClient gcs, string bucket, string name, string text) =>
        gcs.UploadObjectAsync(bucket, name, "text/plain", new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
