using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Etl.Csv.Reading;

/// <summary>Counts line ends: LF, CR LF and CR each end a line.</summary>
internal static class LineBreaks
{
    /// <summary>How many lines end in <paramref name="text"/>. A CR at its end counts; whether an LF follows it is the next text's to know.</summary>
    public static int Count(ReadOnlySpan<byte> text)
    {
        ref var at = ref MemoryMarshal.GetReference(text);
        var count = 0;
        nuint i = 0;
        for (; i + 65 <= (nuint)text.Length; i += 64)
        {
            var here = Vector512.LoadUnsafe(ref at, i);
            var (feeds, carriages) = (Vector512.Equals(here, Vector512.Create((byte)'\n')).ExtractMostSignificantBits(), Vector512.Equals(here, Vector512.Create((byte)'\r')).ExtractMostSignificantBits());
            count += BitOperations.PopCount(feeds);
            if (carriages != 0)
                count += BitOperations.PopCount(carriages & ~(feeds >> 1 | (Unsafe.Add(ref at, i + 64) == '\n' ? 1UL << 63 : 0)));
        }
        for (var rest = (int)i; rest < text.Length; rest++)
        {
            if (text[rest] == '\n' || (text[rest] == '\r' && (rest + 1 == text.Length || text[rest + 1] != '\n')))
                count++;
        }
        return count;
    }
}
