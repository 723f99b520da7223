namespace Etl.Core.State;

/// <summary>Small named documents with conditional writes: manifests, receipts, dead letters and the pipeline's state. Called concurrently; let exceptions escape.</summary>
public interface IStateStore : IStoredObjects
{
    /// <summary>Where a person finds the document, such as <c>gs://bucket/prefix/name</c> or a path.</summary>
    string Locate(string name);

    /// <summary>The document, or null when there is none.</summary>
    ValueTask<StateDocument?> ReadAsync(string name, CancellationToken cancel);

    /// <summary>Writes the document, all of it or nothing.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="StateConflictException">Another writer was first, and <paramref name="condition"/> no longer holds.</exception>
    ValueTask<string> WriteAsync(string name, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancel);
}

/// <summary>A document as it was read.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Version">What a conditional write names: a generation or a hash.</param>
public sealed record StateDocument(ReadOnlyMemory<byte> Content, string Version);

/// <summary>When a write may happen.</summary>
public readonly record struct WriteCondition
{
    /// <summary>Only while there is no such document.</summary>
    public static WriteCondition Create => new() { Version = "" };

    /// <summary>Whatever is there.</summary>
    public static WriteCondition Always => default;

    /// <summary>Only while the document has this version.</summary>
    public static WriteCondition IfVersion(string version) => new() { Version = version };

    /// <summary>Null: always; empty: create only; otherwise the version it must have.</summary>
    public string? Version { get; private init; }
}

/// <summary>A conditional write found another version.</summary>
public sealed class StateConflictException(string name, Exception? inner = null) : Exception($"State document {name} was changed by another run.", inner)
{
    /// <summary>The document.</summary>
    public string Name { get; } = name;
}
