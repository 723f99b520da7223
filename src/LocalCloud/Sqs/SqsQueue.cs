using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Etl.LocalCloud.Sqs;

/// <summary>One standard queue: a file a message, so that what waits survives. Who has a message is forgotten when the local cloud ends, as if its time were over.</summary>
internal sealed class SqsQueue
{
    private readonly Lock gate = new();
    private readonly string folder;
    private readonly TimeProvider time;
    private readonly SortedDictionary<(DateTimeOffset, string), SqsMessage> messages = [];

    /// <summary>Opens it; its folder is made if there is none.</summary>
    public SqsQueue(string folder, TimeProvider time)
    {
        (this.folder, this.time) = (folder, time);
        foreach (var file in Directory.CreateDirectory(folder).EnumerateFiles("*.json"))
            if (file.Name == AttributesFile) Attributes = JsonNode.Parse(File.ReadAllText(file.FullName))!.AsObject();
            else if (JsonSerializer.Deserialize<SqsMessage>(File.ReadAllText(file.FullName)) is { } message) messages[(message.Sent, message.Id)] = message;
    }

    private const string AttributesFile = "attributes.json";

    /// <summary>Its attributes, by the names that CreateQueue takes.</summary>
    public JsonObject Attributes { get; private set; } = [];

    /// <summary>How many messages can be given out, and how many are given out.</summary>
    public (int Visible, int Given) Count
    {
        get
        {
            lock (gate) return (messages.Values.Count(m => m.VisibleAt <= time.GetUtcNow()), messages.Values.Count(m => m.VisibleAt > time.GetUtcNow()));
        }
    }

    /// <summary>Sets attributes.</summary>
    public void Set(JsonObject attributes)
    {
        lock (gate)
        {
            foreach (var (name, value) in attributes) Attributes[name] = value?.DeepClone();
            File.WriteAllText(Path.Combine(folder, AttributesFile), Attributes.ToJsonString());
        }
    }

    /// <summary>Adds a message.</summary>
    public SqsMessage Send(string body) => Put(new SqsMessage(Guid.NewGuid().ToString(), body, time.GetUtcNow()));

    /// <summary>Gives messages out, the longest waiting first; one that was given out too often goes to the dead-letter queue instead.</summary>
    /// <param name="most">At most so many.</param>
    /// <param name="visibility">For how long nobody else gets them; null for the queue's own time.</param>
    /// <param name="deadLetters">The queue of an ARN.</param>
    public IReadOnlyList<SqsMessage> Receive(int most, int? visibility, Func<string, SqsQueue?> deadLetters)
    {
        var (now, given, dead) = (time.GetUtcNow(), new List<SqsMessage>(), new List<SqsMessage>());
        var redrive = JsonNode.Parse((string?)Attributes["RedrivePolicy"] ?? "{}")!;
        var limit = redrive["maxReceiveCount"] is { } count ? int.Parse(count.ToString(), CultureInfo.InvariantCulture) : int.MaxValue;
        var seconds = visibility ?? int.Parse((string?)Attributes["VisibilityTimeout"] ?? "30", CultureInfo.InvariantCulture);
        lock (gate)
            foreach (var message in messages.Values.Where(m => m.VisibleAt <= now).ToList())
            {
                if (given.Count == most) break;
                if (message.Received >= limit)
                {
                    dead.Add(message);
                    Remove(message);
                    continue;
                }

                given.Add(messages[(message.Sent, message.Id)] = message with { Received = message.Received + 1, VisibleAt = now.AddSeconds(seconds) });
            }

        foreach (var message in dead) deadLetters((string?)redrive["deadLetterTargetArn"] ?? "")?.Put(message with { Received = 0, VisibleAt = DateTimeOffset.MinValue });
        return given;
    }

    /// <summary>Deletes the message of a receipt. One that was given out again since stays, as at Amazon's it may.</summary>
    /// <returns>False when there never was such a receipt.</returns>
    public bool Delete(string receipt)
    {
        lock (gate)
            if (messages.Values.FirstOrDefault(m => m.Receipt == receipt) is { } found) Remove(found);
        return receipt.Contains('#', StringComparison.Ordinal);
    }

    /// <summary>Says for how long from now the message of a receipt is kept back.</summary>
    /// <returns>False when nobody has it by that receipt.</returns>
    public bool Keep(string receipt, int seconds)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (messages.Values.FirstOrDefault(m => m.Receipt == receipt && m.VisibleAt > now) is not { } found) return false;
            messages[(found.Sent, found.Id)] = found with { VisibleAt = now.AddSeconds(seconds) };
            return true;
        }
    }

    /// <summary>Deletes all messages.</summary>
    public void Purge()
    {
        lock (gate)
            foreach (var message in messages.Values.ToList()) Remove(message);
    }

    private SqsMessage Put(SqsMessage message)
    {
        lock (gate)
        {
            File.WriteAllText(PathOf(message), JsonSerializer.Serialize(message));
            return messages[(message.Sent, message.Id)] = message;
        }
    }

    private void Remove(SqsMessage message)
    {
        messages.Remove((message.Sent, message.Id));
        File.Delete(PathOf(message));
    }

    private string PathOf(SqsMessage message) => Path.Combine(folder, message.Id + ".json");
}
