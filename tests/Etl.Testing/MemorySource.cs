using System.Runtime.CompilerServices;
using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;

namespace Etl.Testing;

/// <summary>Objects in memory; putting one again changes its version.</summary>
public sealed class MemorySource : ISource
{
    private readonly SortedDictionary<string, (byte[] Bytes, int Version)> objects = new(StringComparer.Ordinal);
    private int opens;

    /// <summary>How often an object was opened.</summary>
    public int Opens => opens;

    public MemorySource Put(string name, string text) => Put(name, Encoding.UTF8.GetBytes(text));

    public MemorySource Put(string name, byte[] bytes)
    {
        objects[name] = (bytes, objects.TryGetValue(name, out var old) ? old.Version + 1 : 1);
        return this;
    }

    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        foreach (var (name, (bytes, version)) in objects)
            yield return new SourceObject("memory://" + name, version.ToString(), bytes.Length, DateTimeOffset.UnixEpoch);
    }

    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel)
    {
        Interlocked.Increment(ref opens);
        var (bytes, version) = objects[source.Uri["memory://".Length..]];
        if (version.ToString() != source.Version) throw new ObjectChangedException(source.Uri);
        var length = (int)Math.Min(range.Length ?? long.MaxValue, bytes.Length - range.Offset);
        return ValueTask.FromResult<Stream>(new MemoryStream(bytes, (int)range.Offset, length, writable: false));
    }
}
