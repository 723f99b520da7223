using System.Text.Json;
using Etl.Connectors.Aws.Events;

namespace Etl.Runner.Lambda;

/// <summary>
/// Finds out what an event asks for. S3 events are hints: the run they start reads whatever its ledger says is new, so that events that come twice, late, in
/// another order or not at all change nothing in the table. Forms: https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
/// </summary>
internal static class EventReader
{
    // A notification in a topic's message in a queue's message; more is no one's.
    private const int Deepest = 4;

    /// <summary>What the event asks for, in its order.</summary>
    /// <exception cref="UnreadableEventException">It is nothing that is known.</exception>
    public static IReadOnlyList<Ask> Read(ReadOnlyMemory<byte> payload) => Read(payload, 0);

    private static IReadOnlyList<Ask> Read(ReadOnlyMemory<byte> payload, int depth)
    {
        try
        {
            using var document = JsonDocument.Parse(payload.IsEmpty ? "{}"u8.ToArray() : payload);
            return Read(document.RootElement, depth);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UnreadableEventException("The event cannot be read: it is not JSON, or not of the form that its kind has.");
        }
    }

    private static IReadOnlyList<Ask> Read(JsonElement json, int depth)
    {
        if (depth > Deepest) throw new UnreadableEventException("The event is wrapped too often.");
        if (json.ValueKind == JsonValueKind.Null) return [new Ask("an empty event", RunRequest.Default) { IsCall = true }];
        if (json.ValueKind != JsonValueKind.Object) throw new UnreadableEventException("The event must be a JSON object.");
        if (S3Notification.Read(json) is { } events) return events.Count == 0 ? [new Ask("S3's test of the notification", null)] : [.. events.Select(e => new Ask(e.ToString(), e.BringsObject ? RunRequest.Default : null))];
        if (json.TryGetProperty("Records", out var records)) return [.. records.EnumerateArray().SelectMany(record => Record(record, depth))];
        if (json.TryGetProperty("detail-type", out var detail)) return [new Ask(detail.GetString() ?? "an event", RunRequest.Default)];
        if (S3Notification.TryUnwrap(json, out var message)) return Read(System.Text.Encoding.UTF8.GetBytes(message), depth + 1);
        return [new Ask("a request", RunRequest.Read(json)) { IsCall = true }];
    }

    private static IEnumerable<Ask> Record(JsonElement record, int depth)
    {
        // SNS alone writes the name with a capital.
        var source = (record.TryGetProperty("eventSource", out var named) ? named : record.GetProperty("EventSource")).GetString();
        switch (source)
        {
            case "aws:sns":
                return Read(Bytes(record.GetProperty("Sns").GetProperty("Message")), depth + 1);
            case "aws:sqs":
                return Message(record, depth);
            default:
                throw new UnreadableEventException("The event comes from a service whose events start no run. Known are S3, SQS, SNS and EventBridge.");
        }
    }

    // A message that cannot be read must not take the others of its batch with it.
    private static List<Ask> Message(JsonElement record, int depth)
    {
        var id = record.GetProperty("messageId").GetString();
        try
        {
            return [.. Read(Bytes(record.GetProperty("body")), depth + 1).Select(ask => ask with { MessageId = id, IsCall = false })];
        }
        catch (UnreadableEventException e)
        {
            return [new Ask("a message", null) { MessageId = id, Problem = e }];
        }
    }

    private static ReadOnlyMemory<byte> Bytes(JsonElement text) => System.Text.Encoding.UTF8.GetBytes(text.GetString()!);
}
