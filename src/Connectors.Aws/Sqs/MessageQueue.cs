using System.Globalization;
using Amazon.SQS;
using Amazon.SQS.Model;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>An SQS queue. The client is made when it is first used. Safe from any thread.</summary>
/// <param name="url">The queue's URL, such as <c>https://sqs.ap-northeast-1.amazonaws.com/123456789012/etl</c>.</param>
/// <param name="region">The queue's region; null for the machine's own.</param>
/// <param name="profile">A profile of the AWS configuration files; null for the default credential chain.</param>
public sealed class MessageQueue(string url, string? region = null, string? profile = null) : IDisposable
{
    /// <summary>The most messages of one request.</summary>
    internal const int MostAtOnce = 10;

    private readonly Lazy<AmazonSQSClient> client = new(() => SqsClient.Create(region, profile));

    /// <summary>Sends a message.</summary>
    /// <exception cref="ServiceException">SQS refused it or could not be reached.</exception>
    public Task SendAsync(string body, CancellationToken cancel) => CallAsync("take a message", "sqs:SendMessage", sqs => sqs.SendMessageAsync(url, body, cancel), cancel);

    /// <summary>Up to ten messages that wait; nobody else gets them for a while.</summary>
    /// <param name="wait">How long to wait when there is none.</param>
    /// <param name="visibility">For how long nobody else gets them.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="ServiceException">SQS refused or could not be reached.</exception>
    internal async Task<IReadOnlyList<Message>> ReceiveAsync(TimeSpan wait, TimeSpan visibility, CancellationToken cancel)
    {
        var request = new ReceiveMessageRequest { QueueUrl = url, MaxNumberOfMessages = MostAtOnce, WaitTimeSeconds = (int)wait.TotalSeconds, VisibilityTimeout = (int)visibility.TotalSeconds };
        return (await CallAsync("give its messages", "sqs:ReceiveMessage", sqs => sqs.ReceiveMessageAsync(request, cancel), cancel).ConfigureAwait(false)).Messages ?? [];
    }

    /// <summary>Deletes up to ten messages.</summary>
    /// <exception cref="ServiceException">SQS refused or could not be reached.</exception>
    internal async Task DeleteAsync(IReadOnlyList<string> receipts, CancellationToken cancel)
    {
        var request = new DeleteMessageBatchRequest(url, [.. receipts.Select((r, i) => new DeleteMessageBatchRequestEntry(Id(i), r))]);
        var answer = await CallAsync("delete messages", "sqs:DeleteMessage", sqs => sqs.DeleteMessageBatchAsync(request, cancel), cancel).ConfigureAwait(false);
        if (answer.Failed is [{ } failed, ..]) throw new ServiceException($"The queue {url} did not delete {answer.Failed.Count} messages ({failed.Code}).", transient: failed.SenderFault != true);
    }

    /// <summary>Says for how long from now nobody else gets up to ten messages; one that is somebody else's by now is left alone.</summary>
    /// <exception cref="ServiceException">SQS refused or could not be reached.</exception>
    internal Task KeepAsync(IReadOnlyList<string> receipts, TimeSpan visibility, CancellationToken cancel)
    {
        var request = new ChangeMessageVisibilityBatchRequest(url, [.. receipts.Select((r, i) => new ChangeMessageVisibilityBatchRequestEntry(Id(i), r) { VisibilityTimeout = (int)visibility.TotalSeconds })]);
        return CallAsync("keep messages back", "sqs:ChangeMessageVisibility", sqs => sqs.ChangeMessageVisibilityBatchAsync(request, cancel), cancel);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }

    private async Task<T> CallAsync<T>(string doing, string permission, Func<AmazonSQSClient, Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call(client.Value).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not EtlException && !cancel.IsCancellationRequested && SqsErrors.Explain(e, url, doing, permission) is { } explained)
        {
            throw explained;
        }
    }

    private static string Id(int index) => index.ToString(CultureInfo.InvariantCulture);
}
