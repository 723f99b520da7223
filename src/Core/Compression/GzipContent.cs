using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Etl.Core.Compression;

/// <summary>
/// Gzip (RFC 1952), all members one after the other. The framework's GZipStream takes a file cut short for a whole one and ignores what follows the last
/// member, so members are framed here: the trailer (CRC-32 and size) is known once a member is inflated, and where it stands, the member ends.
/// </summary>
internal sealed class GzipContent(Stream stored) : PackedContent
{
    // The inflater asks for 8 KiB at a time and may hold bytes past its end: those fed last are kept.
    private const int Kept = 32 << 10;
    private const int TrailerLength = 8;
    private readonly Crc32 crc = new();
    private byte[] window = ArrayPool<byte>.Shared.Rent(128 << 10);
    private int at;
    private int end;
    private int dataStart;
    private long taken;
    private bool ended;
    private uint size;
    private DeflateStream? member;

    public override long PackedBytes => taken;

    public override int Read(Span<byte> buffer)
    {
        var copy = ArrayPool<byte>.Shared.Rent(buffer.Length);
        try
        {
            // Without async nothing is ever pending.
            var count = ReadAsync(copy.AsMemory(0, buffer.Length), async: false, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            copy.AsSpan(0, count).CopyTo(buffer);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ReadAsync(buffer, async: true, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing && window.Length > 0)
        {
            member?.Dispose();
            ArrayPool<byte>.Shared.Return(window);
            window = [];
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, bool async, CancellationToken cancel)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            if (member is null)
            {
                if (!await HasAsync(1, async, cancel).ConfigureAwait(false))
                    return 0;
                await HeaderAsync(async, cancel).ConfigureAwait(false);
            }

            var count = async ? await member!.ReadAsync(buffer, cancel).ConfigureAwait(false) : member!.Read(buffer.Span);
            if (count > 0)
            {
                crc.Append(buffer.Span[..count]);
                size += (uint)count;
                return count;
            }

            await TrailerAsync(async, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>RFC 1952, 2.3.</summary>
    private async ValueTask HeaderAsync(bool async, CancellationToken cancel)
    {
        if (!await HasAsync(10, async, cancel).ConfigureAwait(false) && (end - at < 3 || IsMember(at)))
            throw new EndOfStreamException("The gzip header is not all there.");
        if (!IsMember(at))
            throw new InvalidDataException(taken == end ? "It does not start with a gzip member." : "Bytes that are not gzip follow the last member.");
        var flags = window[at + 3];
        at += 10;
        if ((flags & 0x04) != 0)
        {
            await SkipAsync(2, async, cancel).ConfigureAwait(false);
            await SkipAsync(BinaryPrimitives.ReadUInt16LittleEndian(window.AsSpan(at - 2)), async, cancel).ConfigureAwait(false);
        }

        for (var text = flags & 0x18; text != 0; text &= text - 1)
            do
                await SkipAsync(1, async, cancel).ConfigureAwait(false);
            while (window[at - 1] != 0);
        if ((flags & 0x02) != 0)
            await SkipAsync(2, async, cancel).ConfigureAwait(false);

        dataStart = at;
        crc.Reset();
        size = 0;
        member = new DeflateStream(new Feed(this), CompressionMode.Decompress);
    }

    private async ValueTask TrailerAsync(bool async, CancellationToken cancel)
    {
        await member!.DisposeAsync().ConfigureAwait(false);
        member = null;
        await HasAsync(TrailerLength + 3, async, cancel).ConfigureAwait(false);
        at = FindTrailer() + TrailerLength;
    }

    private int FindTrailer()
    {
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], size);

        // The shortest deflate data is two bytes. Where a trailer of zeros could stand in several places, it is the one that a member or the end follows.
        var found = -1;
        for (var from = Math.Max(dataStart + 2, at - Kept); from <= end - TrailerLength; from = found + 1)
        {
            var next = window.AsSpan(from, end - from).IndexOf(trailer);
            if (next < 0)
                break;
            found = from + next;
            var after = found + TrailerLength;
            if (IsMember(after) || (ended && after == end))
                return found;
        }

        if (found >= 0)
            return found;
        if (ended && at == end)
            throw new EndOfStreamException("The end of the gzip member is missing, or its checksum does not match.");
        throw new InvalidDataException("The gzip checksum does not match.");
    }

    private bool IsMember(int position) => end - position >= 3 && window.AsSpan(position, 3).SequenceEqual((ReadOnlySpan<byte>)[0x1f, 0x8b, 0x08]);

    private async ValueTask SkipAsync(int count, bool async, CancellationToken cancel)
    {
        if (!await HasAsync(count, async, cancel).ConfigureAwait(false))
            throw new EndOfStreamException("The gzip header is not all there.");
        at += count;
    }

    /// <summary>Makes sure that as many bytes are in the window unfed, if the object has them.</summary>
    private async ValueTask<bool> HasAsync(int count, bool async, CancellationToken cancel)
    {
        while (end - at < count && !ended)
        {
            var keep = Math.Max(0, at - Kept);
            if (keep > 0 && window.Length - end < Math.Max(count, 16 << 10))
            {
                window.AsSpan(keep, end - keep).CopyTo(window);
                (at, end, dataStart) = (at - keep, end - keep, dataStart - keep);
            }

            var read = async
                ? await stored.ReadAsync(window.AsMemory(end), cancel).ConfigureAwait(false)
                : stored.Read(window.AsSpan(end));
            end += read;
            taken += read;
            ended = read == 0;
        }

        return end - at >= count;
    }

    private int Take(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, end - at);
        window.AsSpan(at, count).CopyTo(buffer);
        at += count;
        return count;
    }

    /// <summary>The window, as the inflater reads it.</summary>
    private sealed class Feed(GzipContent owner) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            // Without async nothing is ever pending.
            owner.HasAsync(1, async: false, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return owner.Take(buffer);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await owner.HasAsync(1, async: true, cancellationToken).ConfigureAwait(false);
            return owner.Take(buffer.Span);
        }
    }
}
