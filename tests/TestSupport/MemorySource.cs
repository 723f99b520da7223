using System.Runtime.CompilerServices;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.TestSupport;

/// <summary>Objects in memory; putting one again changes its version.</summary>
public sealed class MemorySource : ISource
{
    private readonly SortedDictionary<string, (byte[] Bytes, int Version, DateTimeOffset Modified)> objects = new(StringComparer.Ordinal);
    private int opens;

    /// <summary>How often an object was opened.</summary>
    public int Opens => opens;

    public MemorySource Put(string name, string text) => Put(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Puts an object that says it was modified then.</summary>
    public MemorySource Put(string name, string text, DateTimeOffset modified) => Put(name, Encoding.UTF8.GetBytes(text), modified);

    public MemorySource Put(string name, byte[] bytes, DateTimeOffset? modified = null)
    {
        objects[name] = (bytes, objects.TryGetValue(name, out var old) ? old.Version + 1 : 1, modified ?? DateTimeOffset.UnixEpoch);
        return this;
    }

    /// <summary>Removes an object.</summary>
    public void Remove(string name) => objects.Remove(name);

    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        foreach (var (name, (bytes, version, modified)) in objects)
            yield return new SourceObject("memory://" + name, version.ToString(), bytes.Length, modified);
    }

    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Interlocked.Increment(ref opens);
        if (!objects.TryGetValue(source.Uri["memory://".Length..], out var found)) throw new ObjectChangedException(source.Uri);
        var (bytes, version, _) = found;
        if (version.ToString() != source.Version) throw new ObjectChangedException(source.Uri);
        var length = (int)Math.Min(range.Length ?? long.MaxValue, bytes.Length - range.Offset);
        return ValueTask.FromResult<Stream>(new MemoryStream(bytes, (int)range.Offset, length, writable: false));
    }
}
