using System.Runtime.CompilerServices;
using Etl.Core.Errors;

namespace Etl.Core.Compression;

/// <summary>One file's content, decompressed.</summary>
/// <param name="Name">Its name inside the archive, or null when the object is no archive.</param>
/// <param name="Content">Its bytes, to be read before the next entry is asked for. Wrong bytes throw <see cref="DataException"/> as they are met.</param>
/// <param name="Compression">How it is stored; with <see cref="CompressionKind.None"/> the stored bytes are the content.</param>
public sealed record ContentEntry(string? Name, Stream Content, CompressionKind Compression);

/// <summary>From an object's stored bytes to the content of its files.</summary>
public static class Decompression
{
    /// <summary>How many bytes <see cref="Detect"/> wants to see.</summary>
    public const int HeadLength = 4;

    /// <summary>What the first bytes say.</summary>
    public static CompressionKind Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0x1f, 0x8b, 0x08, ..] => CompressionKind.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => CompressionKind.Zstd,
        // A skippable frame may come first (RFC 8878, 3.1.2).
        [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => CompressionKind.Zstd,
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => CompressionKind.Zip,
        _ => CompressionKind.None,
    };

    /// <summary>The files in <paramref name="stored"/>: one without a name unless it is a zip archive; an archive's in the order of their names. Disposing an entry's content leaves <paramref name="stored"/> open.</summary>
    /// <param name="stored">The object's bytes from the start; a zip archive needs it to seek.</param>
    /// <param name="uri">The object, for errors.</param>
    /// <param name="cancel">Stops between entries.</param>
    /// <param name="limits">What it may unpack to; null for the default.</param>
    /// <param name="asStored">Whether the reader <see cref="Contracts.IParser.ReadsStored"/>: there is then one entry, whose content seeks.</param>
    /// <exception cref="DataException">The archive is damaged or encrypted.</exception>
    public static async IAsyncEnumerable<ContentEntry> OpenAsync(Stream stored, string uri, [EnumeratorCancellation] CancellationToken cancel, UnpackLimits? limits = null, bool asStored = false)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var total = (limits ?? UnpackLimits.Default).Count(uri);
        var start = stored.CanSeek ? stored.Position : 0;
        var head = new byte[HeadLength];
        var count = await stored.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        var kind = Detect(head.AsSpan(0, count));
        if (asStored && kind is CompressionKind.Zip or CompressionKind.None)
        {
            yield return await StoredFile.OpenAsync(stored, start, kind, uri, total, cancel).ConfigureAwait(false);
            yield break;
        }

        if (kind == CompressionKind.Zip)
        {
            if (stored.CanSeek) stored.Position = start;
            await foreach (var entry in ZipFiles.OpenAsync(stored, uri, total, cancel).ConfigureAwait(false))
                yield return entry;
            yield break;
        }

        // Going back four bytes would open the object anew.
        var whole = new Prefixed(head.AsMemory(0, count), stored);
        using Stream content = kind switch
        {
            CompressionKind.Gzip => new CheckedContent(new GzipContent(whole), uri, null, "gzip", total),
            CompressionKind.Zstd => new CheckedContent(new ZstdContent(whole), uri, null, "zstd", total),
            _ => whole,
        };
        if (asStored) yield return await StoredFile.UnpackAsync(content, kind, uri, total, cancel).ConfigureAwait(false);
        else yield return new ContentEntry(null, content, kind);
    }
}
