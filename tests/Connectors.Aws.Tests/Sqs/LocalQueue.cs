using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Etl.LocalCloud;

namespace Etl.Connectors.Aws.Tests.Sqs;

/// <summary>A bucket and a queue that is told of its objects, in a local cloud of their own to which the environment leads.</summary>
internal sealed class LocalQueue : IAsyncDisposable
{
    private readonly Dictionary<string, string?> before = [];
    private readonly AmazonS3Client s3;
    private readonly AmazonSQSClient sqs;
    private readonly LocalCloudServer cloud;

    private LocalQueue(LocalCloudServer cloud)
    {
        this.cloud = cloud;
        foreach (var (name, value) in cloud.Environment)
        {
            before[name] = System.Environment.GetEnvironmentVariable(name);
            System.Environment.SetEnvironmentVariable(name, value);
        }

        s3 = new AmazonS3Client(new AmazonS3Config { ForcePathStyle = true });
        sqs = new AmazonSQSClient();
    }

    public const string Bucket = "data";

    /// <summary>As a pipeline file has it; the local cloud goes by its last part.</summary>
    public static Uri Url { get; } = new("https://sqs.ap-northeast-1.amazonaws.com/123456789012/orders");

    public IReadOnlyList<string> Secrets => [cloud.Environment["AWS_SECRET_ACCESS_KEY"], cloud.Environment["AWS_SESSION_TOKEN"]];

    public static async Task<LocalQueue> StartAsync(string folder, TimeProvider? time = null, bool createMissing = true)
    {
        var queue = new LocalQueue(await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = folder, Time = time ?? TimeProvider.System, CreateMissing = createMissing }, default));
        await queue.s3.PutBucketAsync(Bucket);
        return queue;
    }

    public async Task PutAsync(string key, byte[] content) => await s3.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = new MemoryStream(content) });

    public Task RemoveAsync(string key) => s3.DeleteObjectAsync(Bucket, key);

    /// <summary>Puts a message into the queue.</summary>
    public async Task<string> SendAsync(string body) => (await sqs.SendMessageAsync(Url.AbsoluteUri, body)).MessageId;

    public Task CreateAsync(string name, Dictionary<string, string> attributes) => sqs.CreateQueueAsync(new CreateQueueRequest { QueueName = name, Attributes = attributes });

    /// <summary>How many messages wait, and how many somebody has.</summary>
    public async Task<(int Waiting, int Held)> CountAsync(string? name = null)
    {
        var found = await sqs.GetQueueAttributesAsync(Url.AbsoluteUri.Replace("orders", name ?? "orders", StringComparison.Ordinal), ["All"]);
        return (found.ApproximateNumberOfMessages, found.ApproximateNumberOfMessagesNotVisible);
    }

    /// <summary>What S3 says of objects.</summary>
    public static string Event(string name, params string[] keys) => new JsonObject
    {
        ["Records"] = new JsonArray([.. keys.Select(key => new JsonObject
        {
            ["eventSource"] = "aws:s3",
            ["eventName"] = name,
            ["s3"] = new JsonObject { ["bucket"] = new JsonObject { ["name"] = Bucket }, ["object"] = new JsonObject { ["key"] = Uri.EscapeDataString(key).Replace("%20", "+", StringComparison.Ordinal), ["eTag"] = "of another time" } },
        })]),
    }.ToJsonString();

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, value) in before) System.Environment.SetEnvironmentVariable(name, value);
        s3.Dispose();
        sqs.Dispose();
        await cloud.DisposeAsync();
    }
}
