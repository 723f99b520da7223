using Etl.Core.Errors;

namespace Etl.Core.Compression;

/// <summary>An object as one file that seeks, for parsers that read archives themselves (<see cref="Contracts.IParser.ReadsStored"/>).</summary>
internal static class StoredFile
{
    /// <summary>What may be in a packed object. Nothing of it could be read twice but from memory.</summary>
    public const int MostUnpacked = 64 << 20;

    /// <summary>The stored bytes themselves, of which <paramref name="kind"/> was seen.</summary>
    /// <exception cref="DataException">They are an archive that is damaged, or that unpacks to more than the limits allow.</exception>
    public static async ValueTask<ContentEntry> OpenAsync(Stream stored, long start, CompressionKind kind, string uri, UnpackLimits.Unpacked total, CancellationToken cancel)
    {
        await CheckAsync(stored, start, kind, uri, total, cancel).ConfigureAwait(false);
        return new ContentEntry(null, stored, CompressionKind.None);
    }

    /// <summary>The file that is packed in the stored bytes.</summary>
    /// <exception cref="DataException">It is too large for memory, or as with <see cref="OpenAsync"/>.</exception>
    public static async ValueTask<ContentEntry> UnpackAsync(Stream content, CompressionKind kind, string uri, UnpackLimits.Unpacked total, CancellationToken cancel)
    {
        var memory = new MemoryStream();
        var block = new byte[64 << 10];
        for (int read; (read = await content.ReadAsync(block, cancel).ConfigureAwait(false)) > 0;)
        {
            if (memory.Length + read > MostUnpacked)
                throw new DataException($"{uri} is a file of more than {MostUnpacked >> 20} MiB in {kind.ToString().ToLowerInvariant()}, and a file of this format is not read from its start to its end, so that it would have to be kept in memory. Store it as it is: it is compressed inside.");
            memory.Write(block, 0, read);
        }

        var inside = Decompression.Detect(memory.GetBuffer().AsSpan(0, (int)memory.Length));
        await CheckAsync(memory, 0, inside, uri, total, cancel).ConfigureAwait(false);
        return new ContentEntry(null, memory, kind);
    }

    private static async ValueTask CheckAsync(Stream file, long start, CompressionKind kind, string uri, UnpackLimits.Unpacked total, CancellationToken cancel)
    {
        file.Position = start;
        if (kind != CompressionKind.Zip) return;
        await ZipFiles.CheckAsync(file, uri, total, cancel).ConfigureAwait(false);
        file.Position = start;
    }
}
