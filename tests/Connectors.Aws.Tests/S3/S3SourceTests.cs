using System.ComponentModel;
using System.Reflection;
using Etl.Connectors.Aws.S3;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Etl.Connectors.Aws.Tests.S3;

[Collection("environment variables")]
public sealed class S3SourceTests : IAsyncLifetime
{
    private static readonly string[] Variables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE", "AWS_ENDPOINT_URL_S3"];
    private readonly Dictionary<string, string?> before = Variables.ToDictionary(v => v, Environment.GetEnvironmentVariable);
    private FakeS3 s3 = null!;

    public async ValueTask InitializeAsync()
    {
        s3 = await FakeS3.StartAsync();
        foreach (var variable in Variables) Environment.SetEnvironmentVariable(variable, null);
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIATEST");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "not-a-real-secret");
        Environment.SetEnvironmentVariable("AWS_EC2_METADATA_DISABLED", "true");
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", "/nonexistent/config");
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (variable, value) in before) Environment.SetEnvironmentVariable(variable, value);
        await s3.DisposeAsync();
    }

    [Fact]
    public async Task EveryPageOfTheListingIsRead()
    {
        for (var i = 0; i < 25; i++) s3.Put($"orders/{i:00}.csv", $"row {i}");
        using var source = new S3Source(Options(), Context(), pageSize: 10);

        var listed = await source.ListAsync(default).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"s3://data/orders/{i:00}.csv"), listed.Select(o => o.Uri));
        Assert.Equal(3, s3.Requests.Count);
        Assert.All(listed, o => Assert.Equal(32, o.Version.Length));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), listed[0].Modified);
        Assert.Equal(5, listed[0].Length);
    }

    [Fact]
    public async Task ThePatternIsMatchedAfterThePrefixAndFolderMarkersAreLeftOut()
    {
        foreach (var key in new[] { "orders/a.csv", "orders/2026/b.csv", "orders/2026/c.txt", "other/d.csv" }) s3.Put(key, "x");
        s3.Put("orders/2026/", "");
        using var source = new S3Source(Options() with { Prefix = "orders/", Pattern = "**/*.csv" }, Context());

        Assert.Equal(["s3://data/orders/2026/b.csv", "s3://data/orders/a.csv"], (await source.ListAsync(default).ToListAsync()).Select(o => o.Uri));
    }

    [Fact]
    public async Task ThePatternsLiteralHeadNarrowsTheListing()
    {
        s3.Put("orders/2026/a.csv", "x");
        using var source = new S3Source(Options() with { Prefix = "orders/", Pattern = "2026/*.csv" }, Context());

        Assert.Single(await source.ListAsync(default).ToListAsync());
        Assert.Contains("prefix=orders%2F2026%2F", Assert.Single(s3.Requests));
    }

    [Fact]
    public async Task AnObjectThatChangedSinceItWasListedIsNotRead()
    {
        s3.Put("a.csv", "first");
        using var source = new S3Source(Options(), Context());
        var listed = Assert.Single(await source.ListAsync(default).ToListAsync());
        s3.Put("a.csv", "second");

        var error = await Assert.ThrowsAsync<ObjectChangedException>(async () => await source.OpenAsync(listed, ByteRange.All, default));
        Assert.Contains("s3://data/a.csv", error.Message);
    }

    [Fact]
    public async Task AnObjectThatVanishedSinceItWasListedCountsAsChanged()
    {
        using var source = new S3Source(Options(), Context());
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await source.OpenAsync(new SourceObject("s3://data/gone.csv", "abc", 9, default), ByteRange.All, default));
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(4, null, "456789")]
    [InlineData(4, 3, "456")]
    [InlineData(8, 100, "89")]
    [InlineData(10, null, "")]
    [InlineData(3, 0, "")]
    public async Task AReadResumesAtAnyOffset(int offset, int? length, string expected)
    {
        s3.Put("a.csv", "0123456789");
        using var source = new S3Source(Options(), Context());
        var listed = Assert.Single(await source.ListAsync(default).ToListAsync());

        await using var stream = await source.OpenAsync(listed, new ByteRange(offset, length), default);
        Assert.Equal(expected, await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task ContentThatArrivesChangedIsAFailedTransfer()
    {
        s3.Put("a.csv", "0123456789");
        s3.Corrupt = true;
        using var source = new S3Source(Options(), Context());
        var listed = Assert.Single(await source.ListAsync(default).ToListAsync());

        await using var stream = await source.OpenAsync(listed, ByteRange.All, default);
        var error = await Assert.ThrowsAsync<ServiceException>(() => new StreamReader(stream).ReadToEndAsync());
        Assert.True(error.Transient);
        Assert.Contains("s3://data/a.csv", error.Message);
    }

    [Fact]
    public async Task KeysMayHoldAnyCharacter()
    {
        const string key = "a b/日本語+%25//x.csv";
        s3.Put(key, "x");
        using var source = new S3Source(Options(), Context());
        var listed = Assert.Single(await source.ListAsync(default).ToListAsync());

        await using var stream = await source.OpenAsync(listed, ByteRange.All, default);
        Assert.Equal("s3://data/" + key, listed.Uri);
        Assert.Equal("x", await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task AMissingBucketIsSaidToBeMissing()
    {
        using var source = new S3Source(Options() with { Bucket = "typo" }, Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(default).ToListAsync());
        Assert.StartsWith("There is no bucket typo.", error.Message);
        Assert.False(error.Transient);
    }

    [Theory]
    [InlineData(403, "AccessDenied", false, "s3:ListBucket on arn:aws:s3:::data")]
    [InlineData(400, "ExpiredToken", false, "aws sso login")]
    [InlineData(403, "InvalidAccessKeyId", false, "AWS_ACCESS_KEY_ID")]
    [InlineData(403, "SignatureDoesNotMatch", false, "AWS_SECRET_ACCESS_KEY")]
    [InlineData(400, "AuthorizationHeaderMalformed", false, "in another region")]
    [InlineData(503, "SlowDown", true, "SlowDown")]
    [InlineData(500, "InternalError", true, "InternalError")]
    public async Task RefusalsLeadOn(int status, string code, bool transient, string says)
    {
        s3.Refusal = (status, code);
        using var source = new S3Source(Options(), Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(default).ToListAsync());
        Assert.Contains(says, error.Message);
        Assert.Equal(transient, error.Transient);
        Assert.DoesNotContain("not-a-real-secret", error.Message);
    }

    [Fact]
    public async Task ADeniedReadNamesItsOwnPermission()
    {
        s3.Refusal = (403, "AccessDenied");
        using var source = new S3Source(Options(), Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.OpenAsync(new SourceObject("s3://data/a.csv", "x", 5, default), ByteRange.All, default));
        Assert.Contains("s3:GetObject on arn:aws:s3:::data/*", error.Message);
    }

    [Fact]
    public async Task WithoutCredentialsThePlacesToPutThemAreNamed()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", null);
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", null);
        using var source = new S3Source(Options(), Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(default).ToListAsync());
        Assert.StartsWith("No AWS credentials were found", error.Message);
        Assert.False(error.Transient);
    }

    [Fact]
    public async Task AnAnswerThatCannotBeReadIsTransient()
    {
        s3.Garbled = true;
        using var source = new S3Source(Options(), Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(default).ToListAsync());
        Assert.True(error.Transient, error.Message);
        Assert.Contains("s3://data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatIsDownIsTransient()
    {
        using var source = new S3Source(Options() with { Endpoint = new Uri("http://127.0.0.1:1") }, Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(default).ToListAsync());
        Assert.True(error.Transient, error.Message);
    }

    [Fact]
    public async Task NoMatchIsAnErrorOnlyWhenOneIsRequired()
    {
        using var relaxed = new S3Source(Options(), Context());
        Assert.Empty(await relaxed.ListAsync(default).ToListAsync());
        using var strict = new S3Source(Options() with { Required = true }, Context());
        await Assert.ThrowsAsync<DataException>(async () => await strict.ListAsync(default).ToListAsync());
    }

    [Fact]
    public async Task AProfileThatIsNotThereIsNamed()
    {
        using var source = new S3Source(Options() with { Profile = "nobody" }, Context());
        var error = await Assert.ThrowsAsync<ServiceException>(async () => await source.ListAsync(default).ToListAsync());
        Assert.Contains("no AWS profile called nobody", error.Message);
    }

    [Fact]
    public async Task ALocalRunTakesItsAddressFromTheEnvironment()
    {
        s3.Put("a.csv", "x");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_S3", s3.Endpoint.AbsoluteUri);
        using var source = new S3Source(new S3Options { Bucket = "data", Endpoint = new Uri("http://127.0.0.1:1"), Profile = "nobody" }, Context(local: true));
        Assert.Single(await source.ListAsync(default).ToListAsync());
    }

    [Fact]
    public void EveryOptionIsDescribed() =>
        Assert.All(typeof(S3Options).GetProperties(BindingFlags.Public | BindingFlags.Instance), p => Assert.NotNull(p.GetCustomAttribute<DescriptionAttribute>()));

    [Fact]
    public void TheSourceIsRegistered()
    {
        var registered = Assert.Single(AwsConnectors.Register(new ConnectorRegistry()).Connectors, c => c.Kind == ConnectorKind.Source && c.Name == "s3");
        Assert.Equal(typeof(S3Options), registered.OptionsType);
    }

    private static ConnectorContext Context(bool local = false) =>
        new("orders", ".", local, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());

    private S3Options Options() => new() { Bucket = "data", Region = "us-east-1", Endpoint = s3.Endpoint };
}
