using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Host;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Sqs;

/// <summary>Amazon SQS's standard queues by its JSON protocol (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html). Every request's signature is verified.</summary>
internal sealed class SqsService(SqsStore store, SigV4Verifier verifier, AwsPolicies policies, TimeProvider time)
{
    private const int MaxBody = 2 << 20;
    private const int MostAtOnce = 10;
    private const int LongestWait = 20;
    private const string Prefix = "AmazonSQS.";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task HandleAsync(HttpContext context)
    {
        JsonObject answer;
        try
        {
            answer = await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (AwsRefusedException refusal)
        {
            context.Response.StatusCode = refusal.Status;
            answer = new JsonObject { ["__type"] = $"com.amazonaws.sqs#{refusal.Code}", ["message"] = refusal.Message };
        }

        context.Response.Headers["x-amzn-RequestId"] = context.TraceIdentifier;
        context.Response.ContentType = "application/x-amz-json-1.0";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<JsonObject> AnswerAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted).ConfigureAwait(false);
        if (body.Length > MaxBody) throw new AwsRefusedException("RequestEntityTooLarge", "The request is too large.", 413);
        var by = verifier.Verify(SignedRequest.Of(context), Convert.ToHexStringLower(SHA256.HashData(body.ToArray())), "sqs");
        var request = JsonBody.Parse(Encoding.UTF8.GetString(body.ToArray())) ?? throw new AwsRefusedException("SerializationException", "The request is no JSON object.", 400);
        var action = context.Request.Headers["X-Amz-Target"].ToString() is var target && target.StartsWith(Prefix, StringComparison.Ordinal) ? target[Prefix.Length..] : throw new AwsRefusedException("UnknownOperationException", "The operation is not known.", 400);
        var url = (string?)request["QueueUrl"] ?? "";
        var name = (string?)request["QueueName"] ?? url[(url.LastIndexOf('/') + 1)..];
        var permission = "sqs:" + action.Replace("Batch", "", StringComparison.Ordinal);
        if (!policies.Allow(by.Key, permission, ArnOf(name), null))
            throw new AwsRefusedException("AccessDenied", $"User: {by.Key.Arn} is not authorized to perform: {permission.ToLowerInvariant()} on resource: {ArnOf(name)} because no identity-based policy allows the {permission.ToLowerInvariant()} action", 403);
        return action switch
        {
            "CreateQueue" => Create(name, request["Attributes"] as JsonObject ?? [], context),
            "GetQueueUrl" => store.Names.Contains(name) ? Url(name, context) : throw SqsStore.Missing(),
            "ListQueues" => new JsonObject { ["QueueUrls"] = new JsonArray([.. store.Names.Where(n => n.StartsWith((string?)request["QueueNamePrefix"] ?? "", StringComparison.Ordinal)).Select(n => (JsonNode)(string)Url(n, context)["QueueUrl"]!)]) },
            "GetQueueAttributes" => Attributes(store.Find(url), name),
            "SetQueueAttributes" => Done(() => store.Find(url).Set(request["Attributes"] as JsonObject ?? [])),
            "SendMessage" => Sent(store.Find(url).Send(Text(request, "MessageBody"))),
            "SendMessageBatch" => Batch(request, entry => Sent(store.Find(url).Send(Text(entry, "MessageBody")))),
            "ReceiveMessage" => await ReceiveAsync(store.Find(url), request, context.RequestAborted).ConfigureAwait(false),
            "DeleteMessage" => Delete(store.Find(url), request),
            "DeleteMessageBatch" => Batch(request, entry => Delete(store.Find(url), entry)),
            "ChangeMessageVisibility" => Keep(store.Find(url), request),
            "ChangeMessageVisibilityBatch" => Batch(request, entry => Keep(store.Find(url), entry)),
            "PurgeQueue" => Done(() => store.Find(url).Purge()),
            _ => throw new AwsRefusedException("UnknownOperationException", "The operation is not known.", 400),
        };
    }

    private JsonObject Create(string name, JsonObject attributes, HttpContext context)
    {
        store.Create(name).Set(attributes);
        return Url(name, context);
    }

    private static JsonObject Url(string name, HttpContext context) => new() { ["QueueUrl"] = $"{context.Request.Scheme}://{context.Request.Host}/{AwsKey.Account}/{name}" };

    private static string ArnOf(string name) => $"arn:aws:sqs:{LocalCloudServer.Region}:{AwsKey.Account}:{name}";

    private static JsonObject Attributes(SqsQueue queue, string name)
    {
        var attributes = (JsonObject)queue.Attributes.DeepClone();
        attributes["QueueArn"] = ArnOf(name);
        attributes["ApproximateNumberOfMessages"] = Number(queue.Count.Visible);
        attributes["ApproximateNumberOfMessagesNotVisible"] = Number(queue.Count.Given);
        return new JsonObject { ["Attributes"] = attributes };
    }

    private async Task<JsonObject> ReceiveAsync(SqsQueue queue, JsonObject request, CancellationToken cancel)
    {
        var most = Math.Clamp((int?)request["MaxNumberOfMessages"] ?? 1, 1, MostAtOnce);
        var until = time.GetTimestamp() + (long)(Math.Clamp((int?)request["WaitTimeSeconds"] ?? 0, 0, LongestWait) * (double)time.TimestampFrequency);
        IReadOnlyList<SqsMessage> given;
        while ((given = queue.Receive(most, (int?)request["VisibilityTimeout"], store.FindArn)).Count == 0 && time.GetTimestamp() < until) await Task.Delay(Look, time, cancel).ConfigureAwait(false);
        return given.Count == 0 ? [] : new JsonObject
        {
            ["Messages"] = new JsonArray([.. given.Select(m => new JsonObject
            {
                ["MessageId"] = m.Id,
                ["ReceiptHandle"] = m.Receipt,
                ["MD5OfBody"] = Md5(m.Body),
                ["Body"] = m.Body,
                ["Attributes"] = new JsonObject { ["ApproximateReceiveCount"] = Number(m.Received), ["SentTimestamp"] = m.Sent.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) },
            })]),
        };
    }

    private static JsonObject Sent(SqsMessage message) => new() { ["MessageId"] = message.Id, ["MD5OfMessageBody"] = Md5(message.Body) };

    private static JsonObject Delete(SqsQueue queue, JsonObject request) =>
        queue.Delete(Text(request, "ReceiptHandle")) ? [] : throw new AwsRefusedException("ReceiptHandleIsInvalid", "The input receipt handle is invalid.", 400);

    private static JsonObject Keep(SqsQueue queue, JsonObject request) =>
        queue.Keep(Text(request, "ReceiptHandle"), (int?)request["VisibilityTimeout"] ?? 0) ? [] : throw new AwsRefusedException("MessageNotInflight", "The specified message isn't in flight.", 400);

    private static JsonObject Batch(JsonObject request, Func<JsonObject, JsonObject> one)
    {
        var (successful, failed) = (new JsonArray(), new JsonArray());
        var entries = request["Entries"] as JsonArray ?? [];
        if (entries.Count is 0 or > MostAtOnce) throw new AwsRefusedException(entries.Count == 0 ? "EmptyBatchRequest" : "TooManyEntriesInBatchRequest", "A batch has 1 to 10 entries.", 400);
        foreach (var entry in entries.OfType<JsonObject>())
            try
            {
                var done = one(entry);
                done["Id"] = (string?)entry["Id"];
                successful.Add(done);
            }
            catch (AwsRefusedException refusal)
            {
                failed.Add(new JsonObject { ["Id"] = (string?)entry["Id"], ["Code"] = refusal.Code, ["Message"] = refusal.Message, ["SenderFault"] = true });
            }

        return new JsonObject { ["Successful"] = successful, ["Failed"] = failed };
    }

    private static JsonObject Done(Action action)
    {
        action();
        return [];
    }

    private static string Text(JsonObject request, string name) => (string?)request[name] ?? throw new AwsRefusedException("MissingParameter", $"The request must contain the parameter {name}.", 400);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // The service answers with MD5 as a checksum.
#pragma warning disable CA5351
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
