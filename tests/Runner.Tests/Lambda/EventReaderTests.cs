using System.Text;
using System.Text.Json.Nodes;
using Etl.Runner.Lambda;
using Xunit;

namespace Etl.Runner.Tests.Lambda;

/// <summary>Every form in which something asks for a run.</summary>
public sealed class EventReaderTests
{
    private const string S3 = """{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"acme"},"object":{"key":"in/%E6%97%A5+a%2Bb.csv","size":1024}}}]}""";
    private const string Bridge = """{"version":"0","detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"acme"},"object":{"key":"in/a+b.csv"}}}""";
    private const string Test = """{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-01-01T00:00:00.000Z","Bucket":"acme"}""";

    [Fact]
    public void KeysOfNotificationsAreDecoded()
    {
        var ask = Assert.Single(Read(S3));

        Assert.Equal("ObjectCreated:Put of s3://acme/in/日 a+b.csv", ask.What);
        Assert.Same(RunRequest.Default, ask.Request);
        Assert.False(ask.IsCall);
    }

    [Fact]
    public void KeysOfEventBridgeAreTakenAsTheyAre() => Assert.Equal("Object Created of s3://acme/in/a+b.csv", Assert.Single(Read(Bridge)).What);

    [Fact]
    public void NotificationsAreFoundInTopicsAndQueues()
    {
        var topic = new JsonObject { ["Type"] = "Notification", ["Message"] = S3 }.ToJsonString();
        var direct = new JsonObject { ["Records"] = new JsonArray(new JsonObject { ["EventSource"] = "aws:sns", ["Sns"] = new JsonObject { ["Message"] = S3 } }) }.ToJsonString();

        var asks = Read(Queue(S3, topic, Bridge, Test));

        Assert.Equal(["0", "1", "2", "3"], asks.Select(a => a.MessageId));
        Assert.Equal(3, asks.Count(a => a.Request == RunRequest.Default));
        Assert.Equal(asks[0].What, asks[1].What);
        Assert.Equal(asks[0].What, Assert.Single(Read(direct)).What);
        Assert.Equal("S3's test of the notification", asks[3].What);
    }

    [Theory]
    [InlineData("""{"Records":[{"eventSource":"aws:s3","eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"acme"},"object":{"key":"a"}}}]}""")]
    [InlineData("""{"detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"acme"},"object":{"key":"a"}}}""")]
    [InlineData(Test)]
    public void WhatBringsNoObjectStartsNoRun(string payload) => Assert.Null(Assert.Single(Read(payload)).Request);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":"0","detail-type":"Scheduled Event","source":"aws.events","detail":{}}""")]
    public void AScheduleAsksForTheFunctionsOwnPipeline(string payload) => Assert.Equal(RunRequest.Default.Key, Assert.Single(Read(payload)).Request!.Key);

    [Fact]
    public void ARequestNamesPipelineAndParametersAndWhatIsAnsweredIsARequestAgain()
    {
        var ask = Assert.Single(Read("""{"pipeline":"pipelines/p.yaml","parameters":{"DAY":"2026-11-25","A":"1"},"status":"continue","splits":{"done":3,"total":9}}"""));

        Assert.True(ask.IsCall);
        Assert.Equal("""{"pipeline":"pipelines/p.yaml","parameters":{"A":"1","DAY":"2026-11-25"}}""", ask.Request!.Key);
    }

    [Theory]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{", "cannot be read")]
    [InlineData("""{"paramters":{}}""", "did you mean \"parameters\"?")]
    [InlineData("""{"pipeline":"/etc/passwd.yaml"}""", "below the function's folder")]
    [InlineData("""{"pipeline":"a/../../b.yaml"}""", "below the function's folder")]
    [InlineData("""{"pipeline":7}""", "must be a text")]
    [InlineData("""{"parameters":[]}""", "must be an object")]
    [InlineData("""{"Records":[{"eventSource":"aws:kinesis"}]}""", "start no run")]
    [InlineData("""{"Records":[{"eventSource":"aws:s3"}]}""", "cannot be read")]
    [InlineData("""{"Records":7}""", "cannot be read")]
    public void WhatIsNotUnderstoodIsSaid(string payload, string words) =>
        Assert.Contains(words, Assert.Throws<UnreadableEventException>(() => Read(payload)).Message, StringComparison.Ordinal);

    [Fact]
    public void AMessageThatIsNotUnderstoodFailsAlone()
    {
        var asks = Read(Queue(S3, "not JSON"));

        Assert.Null(asks[0].Problem);
        Assert.Equal(("1", true), (asks[1].MessageId, asks[1].Problem is not null));
    }

    [Fact]
    public void AMessageWrappedWithoutEndIsRefused()
    {
        var message = S3;
        for (var i = 0; i < 10; i++) message = new JsonObject { ["Type"] = "Notification", ["Message"] = message }.ToJsonString();

        Assert.Throws<UnreadableEventException>(() => Read(message));
    }

    private static IReadOnlyList<Ask> Read(string payload) => EventReader.Read(Encoding.UTF8.GetBytes(payload));

    private static string Queue(params string[] bodies) => new JsonObject
    {
        ["Records"] = new JsonArray([.. bodies.Select((body, i) => new JsonObject { ["messageId"] = $"{i}", ["eventSource"] = "aws:sqs", ["body"] = body })]),
    }.ToJsonString();
}
