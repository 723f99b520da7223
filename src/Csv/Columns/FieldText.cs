using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Csv.Columns;

/// <summary>The text that <see cref="FieldSlot"/>s point into: a block of the object, and side text for fields that do not stand there as they are meant. <see cref="Padding"/> bytes after either may be read.</summary>
internal readonly ref struct FieldText(byte[] block, byte[] side, int quote)
{
    /// <summary>How many bytes after a field are there to be read, whatever they hold: parsers load whole vectors.</summary>
    public const int Padding = 64;

    private readonly ref byte block = ref MemoryMarshal.GetArrayDataReference(block);
    private readonly ref byte side = ref MemoryMarshal.GetArrayDataReference(side);

    /// <summary>The quote character of raw fields, or a value that no byte has.</summary>
    public int Quote { get; } = quote;

    /// <summary>The first byte of the block.</summary>
    public ref byte Block => ref block;

    /// <summary>The first byte of a slot's text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte At(FieldSlot slot) => ref Unsafe.Add(ref slot.IsSide ? ref side : ref block, (nint)(uint)slot.Start);

    /// <summary>The text of a slot as it stands: still in its quotes when it is raw and has some.</summary>
    public ReadOnlySpan<byte> Raw(FieldSlot slot) => MemoryMarshal.CreateReadOnlySpan(ref At(slot), slot.Length);

    /// <summary>Whether a slot's text stands in quotes, here or where it was decoded from.</summary>
    public bool IsQuoted(FieldSlot slot) => slot.IsSide ? slot.WasQuoted : slot.Length > 0 && At(slot) == Quote;

    /// <summary>The decoded text of a slot; <paramref name="room"/> is grown where quotes inside have to be halved. Padded like every text here.</summary>
    public ReadOnlySpan<byte> Decode(FieldSlot slot, ref byte[] room)
    {
        var raw = Raw(slot);
        if (slot.IsSide || raw.Length == 0 || raw[0] != Quote)
            return raw;
        raw = QuotedText.Inside(raw, (byte)Quote);
        if (!raw.Contains((byte)Quote))
            return raw;
        if (room.Length < raw.Length + Padding)
            room = new byte[Math.Max(raw.Length, room.Length * 2) + Padding];
        return room.AsSpan(0, QuotedText.Unescape(raw, (byte)Quote, ref MemoryMarshal.GetArrayDataReference(room)));
    }
}
