using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Etl.LambdaEmulator;

/// <summary>One SQS queue on loopback with a function behind it: takes <c>SendMessage</c> (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html), and hands batches to the function as an event source mapping does, with partial batch answers switched on.</summary>
public sealed class QueueEmulator : IAsyncDisposable
{
    private const int Batch = 10;
    private readonly HttpListener listener;
    private readonly string address;
    private readonly Task serving;
    private readonly ConcurrentQueue<Message> messages = new();

    /// <summary>An empty queue.</summary>
    public QueueEmulator()
    {
        (listener, address) = Loopback.Listen();
        serving = ServeAsync();
    }

    /// <summary>What <c>AWS_ENDPOINT_URL_SQS</c> has to be.</summary>
    public string Endpoint => $"http://{address}";

    /// <summary>The queue's URL.</summary>
    public string Url => $"http://{address}/123456789012/etl";

    /// <summary>How many messages programs sent.</summary>
    public int Sent { get; private set; }

    /// <summary>The bodies of what is in the queue.</summary>
    public IReadOnlyList<string> Waiting => [.. messages.Select(m => m.Body)];

    /// <summary>Puts a message in, as S3 or SNS does.</summary>
    public void Put(string body) => messages.Enqueue(new Message(Guid.NewGuid().ToString(), body));

    /// <summary>Hands the waiting messages to the function; those that failed go back into the queue.</summary>
    public async Task<Outcome> DeliverAsync(FunctionEmulator function)
    {
        var batch = new List<Message>();
        while (batch.Count < Batch && messages.TryDequeue(out var message)) batch.Add(message);
        var outcome = await function.InvokeAsync(Event(batch).ToJsonString());
        var failed = outcome.Ending != Ending.Answered ? [.. batch.Select(m => m.Id)]
            : JsonNode.Parse(outcome.Body)!["batchItemFailures"]!.AsArray().Select(f => f!["itemIdentifier"]!.GetValue<string>()).ToHashSet();
        foreach (var message in batch.Where(m => failed.Contains(m.Id))) messages.Enqueue(message);
        return outcome;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
    }

    private static JsonObject Event(IEnumerable<Message> batch) => new()
    {
        ["Records"] = new JsonArray([.. batch.Select(m => new JsonObject
        {
            ["messageId"] = m.Id,
            ["receiptHandle"] = "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            ["body"] = m.Body,
            ["attributes"] = new JsonObject { ["ApproximateReceiveCount"] = "1" },
            ["messageAttributes"] = new JsonObject(),
            ["eventSource"] = "aws:sqs",
            ["eventSourceARN"] = "arn:aws:sqs:ap-northeast-1:123456789012:etl",
            ["awsRegion"] = "ap-northeast-1",
        })]),
    };

    private async Task ServeAsync()
    {
        try
        {
            while (true) await AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var request = JsonNode.Parse(await reader.ReadToEndAsync())!;
        var isSigned = context.Request.Headers["Authorization"]?.Contains("/sqs/aws4_request", StringComparison.Ordinal) == true;
        if (context.Request.Headers["X-Amz-Target"] != "AmazonSQS.SendMessage" || !isSigned || request["QueueUrl"]?.GetValue<string>() != Url)
        {
            context.Response.StatusCode = 400;
            context.Response.Close();
            return;
        }

        var message = new Message(Guid.NewGuid().ToString(), request["MessageBody"]!.GetValue<string>());
        Sent++;
        messages.Enqueue(message);
        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html asks for MD5: it is a checksum here.
#pragma warning disable CA5351
        var digest = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(message.Body)));
#pragma warning restore CA5351
        context.Response.ContentType = "application/x-amz-json-1.0";
        await JsonSerializer.SerializeAsync(context.Response.OutputStream, new { MessageId = message.Id, MD5OfMessageBody = digest });
        context.Response.Close();
    }

    private sealed record Message(string Id, string Body);
}
