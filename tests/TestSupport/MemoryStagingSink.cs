using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Etl.Core.Contracts;
using Etl.Core.State;

namespace Etl.TestSupport;

/// <summary>Staged files in memory.</summary>
public sealed class MemoryStagingSink(StagingEncoding? encoding = null) : IStagingSink
{
    private readonly ConcurrentDictionary<string, byte[]> files = new();
    private int writes;

    /// <summary>Called before each write; may throw to act a failing service.</summary>
    public Action<string>? OnWrite { get; set; }

    /// <summary>Awaited in each write.</summary>
    public Func<CancellationToken, Task>? OnWriteAsync { get; set; }

    /// <summary>Whether what is kept differs from what was sent.</summary>
    public bool Damages { get; set; }

    /// <summary>How often a file was written.</summary>
    public int Writes => writes;

    public IReadOnlyDictionary<string, byte[]> Files => files;

    public StagingEncoding Encoding { get; } = encoding ?? new StagingEncoding(StagingFormat.Csv, StagingCompression.None);

    public string Text(string uri) => System.Text.Encoding.UTF8.GetString(files[uri["memory://".Length..]]);

    public async ValueTask<StagedFile> WriteAsync(string name, Stream content, CancellationToken cancel)
    {
        Interlocked.Increment(ref writes);
        OnWrite?.Invoke(name);
        if (OnWriteAsync is not null) await OnWriteAsync(cancel);
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancel);
        if (Damages) bytes.GetBuffer()[0] ^= 1;
        files[name] = bytes.ToArray();
        return new StagedFile("memory://" + name, bytes.Length, Crc32c(files[name]));
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        foreach (var (name, bytes) in files)
            if (name.StartsWith(prefix, StringComparison.Ordinal)) yield return new StoredObject(name, Crc32c(bytes), bytes.Length, default);
    }

    public ValueTask DeleteAsync(StoredObject found, CancellationToken cancel)
    {
        if (files.TryGetValue(found.Name, out var bytes) && Crc32c(bytes) == found.Version) files.TryRemove(found.Name, out _);
        return ValueTask.CompletedTask;
    }

    // Bit by bit: an independent check of the engine's faster one.
    private static string Crc32c(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }

        var result = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(result, ~crc);
        return Convert.ToBase64String(result);
    }
}
