using System.Runtime.CompilerServices;

namespace Etl.Csv.Columns;

/// <summary>Where one field's text is, in the text of a block or in the side text of fields that had to be rewritten: its start, and the place one byte behind its end. So an index of where fields end says it too.</summary>
internal readonly struct FieldSlot
{
    private const ulong QuotedBit = 1UL << 31;
    private const ulong SideBit = 1UL << 63;

    private FieldSlot(ulong bits) => Bits = bits;

    /// <summary>No field at all: a missing value.</summary>
    // Empty text is at 0.
    public static FieldSlot Missing => Side(1, 0, quoted: false);

    /// <summary>The text as it stands in the block, quotes included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldSlot Raw(int start, int length) => new((uint)start | (ulong)(uint)(start + length + 1) << 32);

    /// <summary>Text that was decoded already, in the side text.</summary>
    public static FieldSlot Side(int start, int length, bool quoted) => new(Raw(start, length).Bits | SideBit | (quoted ? QuotedBit : 0));

    /// <summary>What <see cref="Bits"/> were of.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldSlot Of(ulong bits) => new(bits);

    /// <summary>The start in the lower half, and one byte behind the end in the upper. The first bit of the one says <see cref="WasQuoted"/>, that of the other <see cref="IsSide"/>.</summary>
    public ulong Bits { get; }

    /// <summary>Where the text starts.</summary>
    public int Start => (int)Bits & int.MaxValue;

    /// <summary>Its bytes.</summary>
    public int Length => ((int)(Bits >> 32) & int.MaxValue) - 1 - Start;

    /// <summary>Whether it is in the side text, decoded.</summary>
    public bool IsSide => (long)Bits < 0;

    /// <summary>Whether it is <see cref="Missing"/>.</summary>
    public bool IsMissing => Bits == Missing.Bits;

    /// <summary>Whether decoded text stood in quotes: empty text then is a value.</summary>
    public bool WasQuoted => (Bits & QuotedBit) != 0;

    /// <summary>Whether all of four are in the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreRaw(FieldSlot a, FieldSlot b, FieldSlot c, FieldSlot d) => ((a.Bits | b.Bits | c.Bits | d.Bits) & (SideBit | QuotedBit)) == 0;

    /// <summary><see cref="Start"/> of one in the block.</summary>
    public nuint RawStart => (uint)Bits;

    /// <summary><see cref="Length"/> of one in the block.</summary>
    public uint RawLength => (uint)(Bits >> 32) - (uint)Bits - 1;
}
