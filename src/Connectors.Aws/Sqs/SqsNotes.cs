namespace Etl.Connectors.Aws.Sqs;

/// <summary>What a person should know of a listing of a queue.</summary>
internal static class SqsNotes
{
    private const int MostNamed = 5;

    /// <summary>The notes.</summary>
    /// <param name="strange">The ids of messages that are nothing of S3's.</param>
    /// <param name="gone">How many objects are told of and gone.</param>
    /// <param name="isFull">Whether as many objects were taken as a run takes.</param>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> strange, int gone, bool isFull)
    {
        if (strange.Count > 0) yield return $"{strange.Count:N0} {(strange.Count == 1 ? "message of the queue is" : "messages of the queue are")} no S3 event and stay for the queue's dead-letter policy: {string.Join(", ", strange.Order(StringComparer.Ordinal).Take(MostNamed))}{(strange.Count > MostNamed ? ", …" : "")}.";
        if (gone > 0) yield return $"{gone:N0} {(gone == 1 ? "object that a message tells of is" : "objects that messages tell of are")} gone from S3 by now; there is nothing to read, and the messages go.";
        if (isFull) yield return "As many objects as max_objects allows were taken from the queue; there may be more. Run again.";
    }
}
