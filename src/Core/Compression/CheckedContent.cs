using Etl.Core.Errors;

namespace Etl.Core.Compression;

/// <summary>Says in words for a person which object holds the bytes that do not decompress, and refuses content that unpacks without end.</summary>
internal sealed class CheckedContent(PackedContent inner, string uri, string? entry, string kind, UnpackLimits.Unpacked total) : ReadOnlyStream
{
    private long unpacked;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Count(inner.Read(buffer));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private string Name => entry is null ? uri : $"{uri}!{entry}";

    private int Count(int read)
    {
        unpacked += read;
        total.Add(read, inner.PackedBytes);
        return read;
    }

    private static bool IsDamage(Exception e) => e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException;

    private DataException Damaged(Exception e) =>
        new($"{Name} is {(e is EndOfStreamException ? "cut short" : "damaged")}: {e.Message} The {kind} data can be read up to byte {unpacked} of the content. Upload the object again and run again.", e);
}

/// <summary>Packed bytes being unpacked.</summary>
internal abstract class PackedContent : ReadOnlyStream
{
    /// <summary>Stored bytes taken so far; of an archive, all it has.</summary>
    public abstract long PackedBytes { get; }
}
