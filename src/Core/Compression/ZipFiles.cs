using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using Etl.Core.Errors;

namespace Etl.Core.Compression;

/// <summary>The files of a zip archive, in the order of their names.</summary>
internal static class ZipFiles
{
    public static async IAsyncEnumerable<ContentEntry> OpenAsync(Stream stored, string uri, UnpackLimits.Unpacked total, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (!stored.CanSeek)
            throw new InvalidOperationException("A zip archive is read from its end: the stream must seek.");
        var archive = await Reading(() => ZipArchive.CreateAsync(stored, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancel), uri).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
        {
            var entries = Entries(archive, uri);
            foreach (var entry in entries)
            {
                cancel.ThrowIfCancellationRequested();
                if (entry.IsEncrypted)
                    throw new DataException($"{uri}!{entry.FullName} is encrypted, and there is no password to read it with. Upload the archive without one and run again.");
                var packed = await Reading(() => entry.OpenAsync(cancel), $"{uri}!{entry.FullName}").ConfigureAwait(false);
                using var content = new CheckedContent(new EntryContent(packed, entry, stored.Length), uri, entry.FullName, "zip", total);
                yield return new ContentEntry(entry.FullName, content, CompressionKind.Zip);
            }
        }
    }

    /// <summary>Makes sure that an archive that somebody else unpacks stays within the limits. The framework unpacks no file to more than the archive says that it has.</summary>
    /// <exception cref="DataException">It is damaged, or unpacks to too much.</exception>
    public static async ValueTask CheckAsync(Stream stored, string uri, UnpackLimits.Unpacked total, CancellationToken cancel)
    {
        var archive = await Reading(() => ZipArchive.CreateAsync(stored, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancel), uri).ConfigureAwait(false);
        await using (archive.ConfigureAwait(false))
            foreach (var entry in Entries(archive, uri)) total.Add(entry.Length, stored.Length);
    }

    private static List<ZipArchiveEntry> Entries(ZipArchive archive, string uri)
    {
        try
        {
            if (archive.Entries.Count > UnpackLimits.Entries)
                throw new DataException($"{uri} holds {archive.Entries.Count:N0} files, and an archive of more than {UnpackLimits.Entries:N0} is not read. Check where the object comes from.");
            return [.. archive.Entries.Where(IsFile).OrderBy(e => e.FullName, StringComparer.Ordinal)];
        }
        catch (InvalidDataException e)
        {
            throw Damaged(uri, e);
        }
    }

    /// <summary>Neither a directory nor what macOS adds to an archive.</summary>
    private static bool IsFile(ZipArchiveEntry entry) =>
        !entry.FullName.EndsWith('/') && !entry.FullName.EndsWith('\\') && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static async Task<T> Reading<T>(Func<Task<T>> open, string name)
    {
        try
        {
            return await open().ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(name, e);
        }
    }

    private static DataException Damaged(string name, Exception e) =>
        new($"{name} is no zip archive that can be read, or it is cut short: {e.Message} Upload it again and run again.", e);

    /// <summary>An entry's content, with its size and CRC-32 checked, which the framework leaves to us.</summary>
    private sealed class EntryContent(Stream inner, ZipArchiveEntry entry, long archiveBytes) : PackedContent
    {
        private readonly Crc32 crc = new();
        private long read;

        public override long PackedBytes => archiveBytes;

        public override int Read(Span<byte> buffer) => buffer.IsEmpty ? 0 : Checked(buffer[..inner.Read(buffer)]);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty)
                return 0;
            var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return Checked(buffer.Span[..count]);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        private int Checked(ReadOnlySpan<byte> content)
        {
            crc.Append(content);
            read += content.Length;
            if (!content.IsEmpty)
                return content.Length;
            if (read < entry.Length)
                throw new EndOfStreamException($"Of {entry.Length} bytes there are {read}.");
            if (read != entry.Length || crc.GetCurrentHashAsUInt32() != entry.Crc32)
                throw new InvalidDataException("The checksum does not match.");
            return 0;
        }
    }
}
