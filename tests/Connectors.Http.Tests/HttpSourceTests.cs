using Etl.Core.Compression;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Net.Http.Headers;
using Xunit;

namespace Etl.Connectors.Http.Tests;

/// <summary>The source against a real web server on loopback.</summary>
public sealed class HttpSourceTests : IAsyncLifetime
{
    private readonly byte[] content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
    private WebApplication server = null!;
    private Func<HttpContext, Task> answer = null!;
    private string address = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(context => answer(context));
        await server.StartAsync(TestContext.Current.CancellationToken);
        address = server.Urls.Single();
        answer = File("\"v1\"");
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task AFileIsListedWithItsVersionAndReadByRanges()
    {
        using var source = Source(address + "/a.csv");

        var found = Assert.Single(await ListAsync(source));

        Assert.Equal((address + "/a.csv", "\"v1\"", 100_000), (found.Uri, found.Version, found.Length));
        Assert.Equal(content, await ReadAsync(source, found, ByteRange.All));
        Assert.Equal(content[5..15], await ReadAsync(source, found, new ByteRange(5, 10)));
        Assert.Equal(content[99_990..], await ReadAsync(source, found, new ByteRange(99_990)));
        Assert.Empty(await ReadAsync(source, found, new ByteRange(100_000)));
    }

    [Theory]
    [InlineData("\"v1\"")]
    [InlineData(null)]
    public async Task AFileThatChangedIsRefused(string? etag)
    {
        answer = File(etag);
        using var source = Source(address + "/a.csv");
        var found = Assert.Single(await ListAsync(source));

        answer = File(etag is null ? null : "\"v2\"", changed: 10);

        await Assert.ThrowsAsync<ObjectChangedException>(() => ReadAsync(source, found, ByteRange.All));
        await Assert.ThrowsAsync<ObjectChangedException>(() => ReadAsync(source, found, new ByteRange(5, 10)));
    }

    [Fact]
    public async Task AServerThatKnowsNoConditionsAndNoRangesIsStillHeldToTheVersion()
    {
        answer = Plain("\"v1\"");
        using var source = Source(address + "/a.csv");
        var found = Assert.Single(await ListAsync(source));

        Assert.Equal(content[70_000..], await ReadAsync(source, found, new ByteRange(70_000)));
        answer = Plain("\"v2\"");
        await Assert.ThrowsAsync<ObjectChangedException>(() => ReadAsync(source, found, new ByteRange(70_000)));
    }

    [Fact]
    public async Task AReadThatBreaksGoesOnAtTheByteItBrokeAt()
    {
        var requests = 0;
        answer = async context =>
        {
            if (context.Request.Method == "GET" && requests++ == 0)
            {
                context.Response.ContentLength = content.Length;
                context.Response.Headers.ETag = "\"v1\"";
                await context.Response.Body.WriteAsync(content.AsMemory(0, 30_000));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            await File("\"v1\"")(context);
        };
        using var source = Source(address + "/a.csv");
        var found = Assert.Single(await ListAsync(source));
        await using var stream = new ObjectStream(source, found, new ImpatientTime());
        using var all = new MemoryStream();

        await stream.CopyToAsync(all, TestContext.Current.CancellationToken);

        Assert.Equal(content, all.ToArray());
        Assert.Equal((2, 1), (requests, stream.Resumes));
    }

    [Fact]
    public async Task AServerWithoutHeadIsAskedByGet()
    {
        answer = context =>
        {
            if (context.Request.Method != "HEAD") return File("\"v1\"")(context);
            context.Response.StatusCode = 405;
            return Task.CompletedTask;
        };
        using var source = Source(address + "/a.csv");

        Assert.Equal(100_000, Assert.Single(await ListAsync(source)).Length);
    }

    [Theory]
    [InlineData(404, "There is no file", false)]
    [InlineData(403, "under authorization", false)]
    [InlineData(503, "HTTP 503", true)]
    [InlineData(429, "HTTP 429", true)]
    public async Task WhatTheServerRefusesIsSaidInWords(int status, string words, bool transient)
    {
        answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "7";
            return Task.CompletedTask;
        };
        using var source = Source(address + "/a.csv");

        var failed = await Assert.ThrowsAsync<ServiceException>(() => ListAsync(source));

        Assert.Contains(words, failed.Message, StringComparison.Ordinal);
        Assert.Equal((transient, TimeSpan.FromSeconds(7)), (failed.Transient, failed.RetryAfter));
    }

    [Theory]
    [InlineData("W/\"weak\"", true, "neither a strong ETag")]
    [InlineData(null, true, "neither a strong ETag")]
    [InlineData("\"v1\"", false, "how long the file is")]
    public async Task AFileThatCannotBePinnedIsRefusedInWords(string? etag, bool length, string words)
    {
        answer = context =>
        {
            context.Response.Headers.ETag = etag;
            if (length) context.Response.ContentLength = 5;
            return Task.CompletedTask;
        };
        using var source = Source(address + "/a.csv");

        Assert.Contains(words, (await Assert.ThrowsAsync<DataException>(() => ListAsync(source))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheAuthorizationIsSentAndNotToWhereTheServerRedirects()
    {
        var seen = new List<string>();
        answer = context =>
        {
            lock (seen) seen.Add($"{context.Request.Path} {context.Request.Headers.Authorization}");
            if (context.Request.Path != "/a.csv") return File("\"v1\"")(context);
            context.Response.Redirect(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/b.csv");
            return Task.CompletedTask;
        };
        using var source = new HttpSource(new HttpSourceOptions { Urls = [address + "/a.csv"], Authorization = Secret.Parse("Bearer token", null) }, Context());

        await ListAsync(source);

        Assert.Equal(["/a.csv Bearer token", "/b.csv "], seen);
    }

    [Fact]
    public async Task AuthorizationIsNotSentInPlainText()
    {
        using var source = new HttpSource(new HttpSourceOptions { Urls = ["http://example.com/a.csv"], Authorization = Secret.Parse("Bearer token", null) }, Context());

        Assert.Contains("not https", (await Assert.ThrowsAsync<DataException>(() => ListAsync(source))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData("http://[::ffff:169.254.170.2]/")]
    public async Task AMachinesOwnCredentialsAreOutOfReach(string url)
    {
        using var source = Source(url);

        Assert.Contains("link-local", (await Assert.ThrowsAsync<ServiceException>(() => ListAsync(source))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARedirectToThemIsOutOfReachToo()
    {
        answer = context =>
        {
            context.Response.Redirect("http://169.254.169.254/latest/meta-data/");
            return Task.CompletedTask;
        };
        using var source = Source(address + "/a.csv");

        Assert.Contains("link-local", (await Assert.ThrowsAsync<ServiceException>(() => ListAsync(source))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://h/{01..03}.csv", "https://h/01.csv https://h/02.csv https://h/03.csv")]
    [InlineData("https://h/{9..11}-{a,b}", "https://h/9-a https://h/9-b https://h/10-a https://h/10-b https://h/11-a https://h/11-b")]
    [InlineData("https://h/{x}", "https://h/{x}")]
    public void BracesStandForEachOfThem(string pattern, string urls) => Assert.Equal(urls.Split(' '), UrlPattern.Expand(pattern));

    [Theory]
    [InlineData("ftp://h/a", "starts with https")]
    [InlineData("a.csv", "starts with https")]
    [InlineData("https://user:secret@h/a", "password")]
    [InlineData("https://h/{1..99999}", "more than 10,000")]
    [InlineData("https://h/{1..999}{1..999}", "more than 10,000")]
    public void AUrlThatIsNoneIsRefused(string url, string words)
    {
        var problem = UrlPattern.Problem(url);

        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    // As web servers do: conditions and ranges are honoured.
    private Func<HttpContext, Task> File(string? etag, int changed = 0) => context => Results.File(content, "text/csv", lastModified: DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(changed), entityTag: etag is null ? null : new EntityTagHeaderValue(etag), enableRangeProcessing: true).ExecuteAsync(context);

    private Func<HttpContext, Task> Plain(string etag) => async context =>
    {
        context.Response.Headers.ETag = etag;
        context.Response.ContentLength = content.Length;
        if (context.Request.Method == "GET") await context.Response.Body.WriteAsync(content);
    };

    private static ConnectorContext Context() => new("test", "/", local: false, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());

    private static HttpSource Source(string url) => new(new HttpSourceOptions { Urls = [url] }, Context());

    private static async Task<List<SourceObject>> ListAsync(HttpSource source) => await source.ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    private static async Task<byte[]> ReadAsync(HttpSource source, SourceObject found, ByteRange range)
    {
        await using var stream = await source.OpenAsync(found, range, TestContext.Current.CancellationToken);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, TestContext.Current.CancellationToken);
        return all.ToArray();
    }
}
