using System.Text;
using Etl.Core.Contracts;

namespace Etl.Core.State;

/// <summary>Which entries of a ledger stay when it is written anew.</summary>
/// <param name="Watermark">Entries that it covers are dropped, but for those that are wanted; null keeps all.</param>
internal sealed record Keep(Watermark? Watermark)
{
    public static Keep All { get; } = new((Watermark?)null);

    public bool Holds(LedgerEntry entry)
    {
        if (Watermark is null || entry.Version is null) return true;
        if (Watermark.By == WatermarkBy.Modified && entry.Modified is null) return true;
        return !Watermark.Covers(new SourceObject(entry.Uri, entry.Version, 0, entry.Modified ?? default));
    }

    public bool Holds(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> version, long? modified)
    {
        if (Watermark is null || version.IsEmpty) return true;
        // Stored in whole milliseconds: the next one is surely not before the time itself.
        return Holds(new LedgerEntry(Encoding.UTF8.GetString(uri), "", modified is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time + 1) : null));
    }
}
