using Amazon.Runtime;
using Amazon.SQS;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>An SQS queue to send messages to. The client is made when it is first used. Safe from any thread.</summary>
/// <param name="url">The queue's URL, such as <c>https://sqs.ap-northeast-1.amazonaws.com/123456789012/etl</c>.</param>
public sealed class MessageQueue(string url) : IDisposable
{
    private readonly Lazy<AmazonSQSClient> client = new(() => new AmazonSQSClient());

    /// <summary>Sends a message.</summary>
    /// <exception cref="ServiceException">SQS refused it or could not be reached.</exception>
    public async Task SendAsync(string body, CancellationToken cancel)
    {
        try
        {
            await client.Value.SendMessageAsync(url, body, cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or IOException)
        {
            throw new ServiceException($"The queue {url} did not take a message: {e.Message} The role needs sqs:SendMessage on it, and the URL must be that of a standard queue.", transient: false, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated) client.Value.Dispose();
    }
}
