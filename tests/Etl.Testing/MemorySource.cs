using System.Runtime.CompilerServices;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Testing;

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

    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        foreach (var (name, (bytes, version, modified)) in objects)
            yield return new SourceObject("memory://" + name, version.ToString(), bytes.Length, modified);
    }

    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        Interlocked.Increment(ref opens);
        var (bytes, version, _) = objects[source.Uri["memory://".Length..]];
        if (version.ToString() != source.Version) throw new ObjectChangedException(source.Uri);
        var length = (int)Math.Min(range.Length ?? long.MaxValue, bytes.Length - range.Offset);
        return ValueTask.FromResult<Stream>(new MemoryStream(bytes, (int)range.Offset, length, writable: false));
    }
}
