using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Etl.Connectors.Aws.Sqs;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Aws.Tests.Sqs;

[Collection("environment variables")]
public sealed class SqsSourceTests : IAsyncLifetime
{
    private const string Created = "ObjectCreated:Put";
    private readonly TestFolder folder = new();
    private readonly ShiftedTime time = new();
    private LocalQueue queue = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        queue = await LocalQueue.StartAsync(folder.Path, time);
        foreach (var name in new[] { "a", "b", "c" }) await queue.PutAsync($"in/{name} ü+.csv", [1, 2, 3]);
    }

    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task MessagesComeInAnyFormAndOrderAndTwice()
    {
        var direct = LocalQueue.Event(Created, "in/b ü+.csv", "in/a ü+.csv");
        await queue.SendAsync(direct);
        await queue.SendAsync(new JsonObject { ["Type"] = "Notification", ["TopicArn"] = "arn:aws:sns:ap-northeast-1:123456789012:t", ["Message"] = direct }.ToJsonString());
        await queue.SendAsync("""{"version":"0","detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"data"},"object":{"key":"in/c ü+.csv"}}}""");
        await queue.SendAsync("""{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"data"}""");
        await queue.SendAsync(LocalQueue.Event("ObjectRemoved:Delete", "in/gone.csv"));
        await using var source = Source();

        var listed = await ListAsync(source);
        await source.AcknowledgeAsync(listed, Cancel);

        Assert.Equal(["s3://data/in/a ü+.csv", "s3://data/in/b ü+.csv", "s3://data/in/c ü+.csv"], listed.Select(o => o.Uri));
        Assert.Empty(source.Notes);
        Assert.Equal((0, 0), await queue.CountAsync());
    }

    [Fact]
    public async Task AMessageStaysUntilAllThatItTellsOfIsDealtWith()
    {
        await queue.SendAsync(LocalQueue.Event(Created, "in/a ü+.csv", "in/b ü+.csv"));
        await queue.SendAsync(LocalQueue.Event(Created, "in/c ü+.csv"));
        await using var source = Source();
        var listed = await ListAsync(source);

        await source.AcknowledgeAsync([listed[0], listed[2], listed[2] with { Uri = "s3://data/unknown" }], Cancel);
        Assert.Equal((0, 1), await queue.CountAsync());
        await source.AcknowledgeAsync([listed[1] with { Version = "another" }], Cancel);
        Assert.Equal((0, 1), await queue.CountAsync());
        await source.AcknowledgeAsync([listed[1], listed[0]], Cancel);

        Assert.Equal((0, 0), await queue.CountAsync());
    }

    [Fact]
    public async Task WhatIsNotDealtWithIsGivenOutAgainAtOnceWhenTheProcessEndsAndAfterAWhileWhenItDies()
    {
        await queue.SendAsync(LocalQueue.Event(Created, "in/a ü+.csv"));
        await using (var ended = Source()) Assert.Single(await ListAsync(ended));
        await using var died = Source();
        var first = await ListAsync(died);
        await using var next = Source();

        Assert.Empty(await ListAsync(next));
        time.Shift(TimeSpan.FromSeconds(61));

        Assert.Equal(first, await ListAsync(next));
        await next.AcknowledgeAsync(first, Cancel);
        Assert.Equal((0, 0), await queue.CountAsync());
    }

    [Fact]
    public async Task AnObjectThatIsGoneIsSaidAndItsMessageGoes()
    {
        await queue.SendAsync(LocalQueue.Event(Created, "in/never.csv"));
        await queue.SendAsync(LocalQueue.Event(Created, "in/folder/"));
        await using var source = Source();

        Assert.Empty(await ListAsync(source));
        Assert.StartsWith("2 objects that messages tell of are gone from S3", Assert.Single(source.Notes), StringComparison.Ordinal);
        await source.AcknowledgeAsync([], Cancel);

        Assert.Equal((0, 0), await queue.CountAsync());
    }

    [Fact]
    public async Task MessagesThatAreNothingOfS3sStayForTheDeadLetterPolicyAndAreNamed()
    {
        await queue.CreateAsync("dead", []);
        await queue.CreateAsync("orders", new() { ["RedrivePolicy"] = """{"deadLetterTargetArn":"arn:aws:sqs:ap-northeast-1:123456789012:dead","maxReceiveCount":"1"}""" });
        var ids = new[] { await queue.SendAsync("not JSON"), await queue.SendAsync("""{"Records":[{"eventSource":"aws:s3","eventName":null}]}"""), await queue.SendAsync("""{"pipeline":"p.yaml"}""") };
        await queue.SendAsync(LocalQueue.Event(Created, "in/a ü+.csv"));
        await using var source = Source();

        await source.AcknowledgeAsync(await ListAsync(source), Cancel);

        Assert.Equal($"3 messages of the queue are no S3 event and stay for the queue's dead-letter policy: {string.Join(", ", ids.Order(StringComparer.Ordinal))}.", Assert.Single(source.Notes));
        Assert.Equal((0, 3), await queue.CountAsync());
        time.Shift(TimeSpan.FromSeconds(61));
        Assert.Empty(await ListAsync(source));
        Assert.Equal((0, 3), (await queue.CountAsync() is var here ? here.Waiting + here.Held : -1, (await queue.CountAsync("dead")).Waiting));
    }

    [Fact]
    public async Task NoMoreIsTakenThanARunReads()
    {
        for (var i = 0; i < 25; i++) await queue.SendAsync(LocalQueue.Event(Created, "in/a ü+.csv", "in/b ü+.csv"));
        await using var source = Source(most: 20);

        Assert.Equal(2, (await ListAsync(source)).Count);
        Assert.Contains("Run again", Assert.Single(source.Notes), StringComparison.Ordinal);
        Assert.Equal((15, 10), await queue.CountAsync());
    }

    [Fact]
    public async Task ABucketThatIsNotThereIsAnErrorAndNotAnObjectThatIsGone()
    {
        await using var strict = await LocalQueue.StartAsync(Path.Combine(folder.Path, "strict"), createMissing: false);
        await strict.CreateAsync("orders", []);
        await strict.SendAsync(LocalQueue.Event(Created, "in/a.csv").Replace(LocalQueue.Bucket, "nowhere", StringComparison.Ordinal));
        await using var source = Source();

        Assert.Contains("There is no bucket nowhere", (await Assert.ThrowsAsync<ServiceException>(() => ListAsync(source))).Message, StringComparison.Ordinal);
        Assert.Equal((0, 1), await strict.CountAsync());
    }

    [Fact]
    public async Task AQueueThatIsNotThereIsSaid()
    {
        await using var strict = await LocalQueue.StartAsync(Path.Combine(folder.Path, "strict"), createMissing: false);
        await using var source = Source();

        var error = await Assert.ThrowsAsync<ServiceException>(() => ListAsync(source));

        Assert.Contains($"There is no queue {LocalQueue.Url}", error.Message, StringComparison.Ordinal);
        Assert.False(error.Transient);
    }

    [Theory]
    [InlineData("orders", "5s", "the queue is its URL")]
    [InlineData("https://sqs.ap-northeast-1.amazonaws.com/orders", "5s", "the queue is its URL")]
    [InlineData("https://sqs.ap-northeast-1.amazonaws.com/1/orders.fifo", "5s", "standard queues only")]
    [InlineData("https://sqs.ap-northeast-1.amazonaws.com/1/orders", "21s", "from 1s to 20s")]
    public void OptionsThatCannotWorkAreRefused(string url, string wait, string expected)
    {
        var options = new SqsSourceOptions { Queue = new Uri(url, UriKind.RelativeOrAbsolute), Wait = Duration.Parse(wait, null) };

        Assert.Contains(expected, Assert.Single(options.Validate(new ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    private SqsSource Source(int most = 1000) => new(
        new SqsSourceOptions { Queue = LocalQueue.Url, Wait = new Duration(TimeSpan.Zero), MaxObjects = most }, folder.Context);

    private static async Task<List<SourceObject>> ListAsync(ISource source) => await source.ListAsync(Cancel).ToListAsync(Cancel);

    private sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan shift;

        public void Shift(TimeSpan by) => shift += by;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
    }
}
