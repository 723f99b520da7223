using System.Runtime.CompilerServices;

namespace Etl.Csv.Columns;

/// <summary>Where one field's text is: a start and a length in the text of a block, or in the side text of fields that had to be rewritten.</summary>
internal readonly struct FieldSlot
{
    private const ulong LengthMask = (1UL << 29) - 1;
    private const ulong MissingBit = 1UL << 61;
    private const ulong QuotedBit = 1UL << 62;
    private const ulong SideBit = 1UL << 63;
    private readonly ulong bits;

    private FieldSlot(ulong bits) => this.bits = bits;

    /// <summary>No field at all: a missing value.</summary>
    public static FieldSlot Missing => new(SideBit | MissingBit);

    /// <summary>The text as it stands in the block, quotes included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldSlot Raw(int start, int length) => new((uint)start | (ulong)(uint)length << 32);

    /// <summary>Text that was decoded already, in the side text.</summary>
    public static FieldSlot Side(int start, int length, bool quoted) => new((uint)start | (ulong)(uint)length << 32 | SideBit | (quoted ? QuotedBit : 0));

    /// <summary>Where the text starts.</summary>
    public int Start => (int)(uint)bits;

    /// <summary>Its bytes.</summary>
    public int Length => (int)(bits >> 32 & LengthMask);

    /// <summary>Whether it is in the side text, decoded.</summary>
    public bool IsSide => (long)bits < 0;

    /// <summary>Whether it is <see cref="Missing"/>.</summary>
    public bool IsMissing => (bits & MissingBit) != 0;

    /// <summary>Whether decoded text stood in quotes: empty text then is a value.</summary>
    public bool WasQuoted => (bits & QuotedBit) != 0;
}
