using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Csv.Reading;

/// <summary>Counts line ends: LF, CR LF and CR each end a line.</summary>
internal static class LineBreaks
{
    /// <summary>How many lines end in <paramref name="text"/>. A CR at its end counts; whether an LF follows it is the next text's to know.</summary>
    // Optimised from the start, since vectors this wide are not compiled ahead and a run may be over before the runtime finds that they are worth it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Count(ReadOnlySpan<byte> text)
    {
        ref var at = ref MemoryMarshal.GetReference(text);
        var (count, i) = (0, 0);
        // Without a branch: texts with both kinds of line end would have it guessed wrong again and again.
        while (i + Vector512<byte>.Count < text.Length)
        {
            var some = Vector512<byte>.Zero;
            var end = Math.Min(text.Length - Vector512<byte>.Count, i + byte.MaxValue * Vector512<byte>.Count);
            for (; i < end; i += Vector512<byte>.Count)
            {
                var (here, next) = (Vector512.LoadUnsafe(ref at, (nuint)i), Vector512.LoadUnsafe(ref at, (nuint)i + 1));
                some -= Vector512.Equals(here, Vector512.Create((byte)'\n')) | Vector512.AndNot(Vector512.Equals(here, Vector512.Create((byte)'\r')), Vector512.Equals(next, Vector512.Create((byte)'\n')));
            }
            var (lower, upper) = Vector512.Widen(some);
            count += Vector512.Sum(lower + upper);
        }
        for (; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                count++;
        }
        return count;
    }
}
