using System.Text.Json.Serialization;

namespace Etl.LocalCloud.Sqs;

/// <summary>A message of a queue.</summary>
/// <param name="Id">What its sender was told.</param>
/// <param name="Body">What it says.</param>
/// <param name="Sent">When it came.</param>
internal sealed record SqsMessage(string Id, string Body, DateTimeOffset Sent)
{
    /// <summary>How often it was given out since the local cloud was started.</summary>
    [JsonIgnore]
    public int Received { get; init; }

    /// <summary>The number of the time it was given out last: part of its receipt.</summary>
    [JsonIgnore]
    public string Receipt => $"{Id}#{Received}";

    /// <summary>When it may be given out again.</summary>
    [JsonIgnore]
    public DateTimeOffset VisibleAt { get; init; } = DateTimeOffset.MinValue;
}
