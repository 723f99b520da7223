using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Etl.Core.Contracts;

namespace Etl.Core.State;

/// <summary>The ledger in memory, for looking objects up: digests only, 36 bytes an object. Two addresses of one digest (128 bits of SHA-256) do not happen, not even on purpose.</summary>
public sealed class Ledger
{
    private readonly Dictionary<Digest, ulong> objects;

    internal Ledger(int capacity) => objects = new Dictionary<Digest, ulong>(capacity);

    /// <summary>How many objects it knows.</summary>
    public int Count => objects.Count;

    /// <summary>How many of them somebody asked to have loaded again.</summary>
    public int Wanted => objects.Values.Count(version => version == 0);

    /// <summary>What it says of <paramref name="source"/>.</summary>
    public LedgerAnswer Find(SourceObject source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (objects.Count == 0 || !objects.TryGetValue(DigestOf(source.Uri), out var version)) return LedgerAnswer.Unknown;
        return version == 0 ? LedgerAnswer.Wanted : version == VersionOf(source.Version) ? LedgerAnswer.Loaded : LedgerAnswer.Changed;
    }

    internal void Add(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> version) => objects[Digest.Of(uri)] = version.IsEmpty ? 0 : VersionDigest(version);

    private static Digest DigestOf(string text) => WithUtf8(text, Digest.Of);

    private static ulong VersionOf(string text) => text.Length == 0 ? 0 : WithUtf8(text, VersionDigest);

    // Zero says "wanted".
    private static ulong VersionDigest(ReadOnlySpan<byte> version) => Digest.Of(version).Low | 1;

    private static T WithUtf8<T>(string text, Func<ReadOnlySpan<byte>, T> use)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return use(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The first 128 bits of an address's SHA-256.</summary>
    internal readonly record struct Digest(ulong High, ulong Low)
    {
        public static Digest Of(ReadOnlySpan<byte> text)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text, hash);
            return new Digest(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
        }

        public override int GetHashCode() => (int)Low;
    }
}

/// <summary>What the ledger says of an object.</summary>
public enum LedgerAnswer
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>This version's rows are in the table.</summary>
    Loaded,

    /// <summary>Another version's rows are in the table.</summary>
    Changed,

    /// <summary>Somebody asked for it to be loaded again.</summary>
    Wanted,
}
