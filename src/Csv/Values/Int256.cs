using System.Runtime.InteropServices;

namespace Etl.Csv.Values;

/// <summary>A 256-bit two's complement integer as Arrow's decimal256 lays it out: little-endian limbs. It knows only what parsing needs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Int256
{
    private ulong limb0, limb1, limb2, limb3;

    /// <summary>Whether it is less than 0.</summary>
    public readonly bool IsNegative => limb3 >> 63 != 0;

    /// <summary>This times ten plus <paramref name="digit"/>.</summary>
    public void AppendDigit(uint digit) => MultiplyAdd(10, digit);

    /// <summary>This times <paramref name="factor"/> plus <paramref name="addend"/>, without a check for overflow.</summary>
    public void MultiplyAdd(ulong factor, ulong addend)
    {
        var sum = (UInt128)limb0 * factor + addend;
        limb0 = (ulong)sum;
        sum = (UInt128)limb1 * factor + (ulong)(sum >> 64);
        limb1 = (ulong)sum;
        sum = (UInt128)limb2 * factor + (ulong)(sum >> 64);
        limb2 = (ulong)sum;
        limb3 = limb3 * factor + (ulong)(sum >> 64);
    }

    /// <summary>The value with the other sign.</summary>
    public readonly Int256 Negate()
    {
        var low = 0 - new UInt128(limb1, limb0);
        var high = ~new UInt128(limb3, limb2) + (low == 0 ? UInt128.One : UInt128.Zero);
        return new Int256 { limb0 = (ulong)low, limb1 = (ulong)(low >> 64), limb2 = (ulong)high, limb3 = (ulong)(high >> 64) };
    }
}
