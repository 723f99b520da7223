using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Etl.Core.State;

namespace Etl.TestSupport;

/// <summary>A state store in memory, with the conditional writes of a real one.</summary>
public sealed class MemoryStateStore : IStateStore
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, (byte[] Content, int Version)> documents = new();

    /// <summary>The names written so far.</summary>
    public IReadOnlyCollection<string> Names => [.. documents.Keys.Order(StringComparer.Ordinal)];

    /// <summary>When each document was written, as far as a test says; otherwise long ago.</summary>
    public Dictionary<string, DateTimeOffset> Written { get; } = [];

    /// <summary>Called before each write; may throw to act a failing service.</summary>
    public Action<string>? OnWrite { get; set; }

    /// <summary>Called after each write, before its answer; may throw to act an answer that was lost.</summary>
    public Action<string>? AfterWrite { get; set; }

    public string Locate(string name) => "memory://" + name;

    public string Text(string name) => System.Text.Encoding.UTF8.GetString(documents[name].Content);

    /// <summary>Removes a document.</summary>
    public void Remove(string name) => documents.Remove(name, out _);

    public ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel) => cancel.IsCancellationRequested
        ? ValueTask.FromCanceled<StateDocument?>(cancel)
        : ValueTask.FromResult(documents.TryGetValue(name, out var found) ? new StateDocument(found.Content, found.Version.ToString()) : null);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        foreach (var (name, (content, version)) in documents)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return new StoredObject(name, version.ToString(), content.Length, Written.GetValueOrDefault(name));
    }

    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        lock (gate)
            if (documents.TryGetValue(found.Name, out var now) && now.Version.ToString() == found.Version) documents.Remove(found.Name, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        OnWrite?.Invoke(name);
        lock (gate)
        {
            var current = documents.TryGetValue(name, out var found) ? found.Version : 0;
            if (condition.Version is { } expected && expected != (current == 0 ? "" : current.ToString())) throw new StateConflictException(name);
            documents[name] = (content.ToArray(), current + 1);
            AfterWrite?.Invoke(name);
            return ValueTask.FromResult((current + 1).ToString());
        }
    }
}
