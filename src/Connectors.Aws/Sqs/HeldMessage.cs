using System.Text.Json;
using Amazon.SQS.Model;
using Etl.Connectors.Aws.Events;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>A message of a queue that this process has, and the objects that it tells of.</summary>
/// <param name="Receipt">What it is deleted by.</param>
/// <param name="Objects">Buckets and keys that have something to read since; none when it tells of removals alone.</param>
internal sealed record HeldMessage(string Receipt, IReadOnlyList<(string Bucket, string Key)> Objects)
{
    // A notification in a topic's message, and that in another's: more is no one's.
    private const int Deepest = 4;

    /// <summary>What the message says; null when it is nothing of S3's.</summary>
    public static HeldMessage? Read(Message message)
    {
        try
        {
            return Events(message.Body ?? "", 0) is { } events ? new HeldMessage(message.ReceiptHandle, [.. events.Where(e => e.BringsObject).Select(e => (e.Bucket, e.Key)).Distinct()]) : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private static IReadOnlyList<S3Event>? Events(string body, int depth)
    {
        using var document = JsonDocument.Parse(body);
        return S3Notification.Read(document.RootElement) ?? (depth < Deepest && S3Notification.TryUnwrap(document.RootElement, out var inner) ? Events(inner, depth + 1) : null);
    }
}
