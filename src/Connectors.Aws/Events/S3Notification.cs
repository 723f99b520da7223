using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Etl.Connectors.Aws.Events;

/// <summary>
/// Reads what S3 tells of its objects: its own notifications (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html) and EventBridge's events
/// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html).
/// </summary>
public static class S3Notification
{
    /// <summary>The events of a notification; none for the test that S3 sends when notifications are switched on. Null when <paramref name="json"/> is something else.</summary>
    /// <exception cref="FormatException">It begins like a notification, and is not written as one.</exception>
    public static IReadOnlyList<S3Event>? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        try
        {
            if (json.TryGetProperty("Records", out var records) && records.ValueKind == JsonValueKind.Array && records.GetArrayLength() > 0 && records.EnumerateArray().All(IsS3)) return [.. records.EnumerateArray().Select(Record)];
            if (json.TryGetProperty("detail-type", out _) && json.TryGetProperty("source", out var source) && Text(source) == "aws.s3") return [Bridge(json.GetProperty("detail"), Needed(json, "detail-type"))];
            return json.TryGetProperty("Event", out var test) && Text(test) == "s3:TestEvent" ? [] : null;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The notification is not written as S3 writes them.", e);
        }
    }

    /// <summary>The message inside a message of an SNS topic (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html).</summary>
    public static bool TryUnwrap(JsonElement json, [NotNullWhen(true)] out string? message)
    {
        message = json.ValueKind == JsonValueKind.Object && json.TryGetProperty("Type", out var type) && Text(type) == "Notification" && json.TryGetProperty("Message", out var inner) ? Text(inner) : null;
        return message is not null;
    }

    private static bool IsS3(JsonElement record) => record.ValueKind == JsonValueKind.Object && record.TryGetProperty("eventSource", out var source) && Text(source) == "aws:s3";

    // Keys are encoded as in a form: + is a space.
    private static S3Event Record(JsonElement record)
    {
        var (name, s3) = (Needed(record, "eventName"), record.GetProperty("s3"));
        var key = Uri.UnescapeDataString(Needed(s3.GetProperty("object"), "key").Replace('+', ' '));
        return new S3Event(name, Needed(s3.GetProperty("bucket"), "name"), key, name.StartsWith("ObjectCreated:", StringComparison.Ordinal) || name.StartsWith("ObjectRestore:Completed", StringComparison.Ordinal));
    }

    // Here keys are written as they are.
    private static S3Event Bridge(JsonElement detail, string type) =>
        new(type, Needed(detail.GetProperty("bucket"), "name"), Needed(detail.GetProperty("object"), "key"), type is "Object Created" or "Object Restore Completed");

    private static string Needed(JsonElement of, string name) => Text(of.GetProperty(name)) ?? throw new KeyNotFoundException(name);

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
