using System.Runtime.CompilerServices;
using Etl.Core.Contracts;

namespace Etl.Runner.Testing;

/// <summary>The one object of a test, in memory.</summary>
internal sealed class TestObject(string name, byte[] content) : ISource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        yield return new SourceObject($"test://{name}", "1", content.Length, DateTimeOffset.UnixEpoch);
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel) =>
        ValueTask.FromResult<Stream>(new MemoryStream(content, (int)range.Offset, (int)Math.Min(range.Length ?? long.MaxValue, content.Length - range.Offset), writable: false));
}
