using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Etl.Csv.Columns;

/// <summary>The text of quoted fields, in which a doubled quote stands for one (RFC 4180, section 2.7).</summary>
internal static class QuotedText
{
    /// <summary>What is between the quotes; a field that lacks its closing quote ends where it ends.</summary>
    public static ReadOnlySpan<byte> Inside(ReadOnlySpan<byte> raw, byte quote) =>
        raw.Length > 1 && raw[^1] == quote ? raw[1..^1] : raw[1..];

    /// <summary>Copies <paramref name="inside"/> to <paramref name="to"/>, each doubled quote as one. There must be room for all of it.</summary>
    /// <returns>The bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> inside, byte quote, ref byte to)
    {
        var written = 0;
        while (true)
        {
            var at = inside.IndexOf(quote);
            if (at < 0 || at + 1 >= inside.Length)
            {
                Copy(inside, ref Unsafe.Add(ref to, written));
                return written + inside.Length;
            }
            Copy(inside[..(at + 1)], ref Unsafe.Add(ref to, written));
            written += at + 1;
            inside = inside[(at + (inside[at + 1] == quote ? 2 : 1))..];
        }
    }

    private static void Copy(ReadOnlySpan<byte> from, ref byte to) => from.CopyTo(MemoryMarshal.CreateSpan(ref to, from.Length));
}
