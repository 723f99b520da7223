using System.Numerics;
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
        var (feed, carriage) = (Vector256.Create((byte)'\n'), Vector256.Create((byte)'\r'));
        for (; i + 33 <= (nuint)text.Length; i += 32)
        {
            var here = Vector256.LoadUnsafe(ref at, i);
            var alone = Vector256.AndNot(Vector256.Equals(here, carriage), Vector256.Equals(Vector256.LoadUnsafe(ref at, i + 1), feed));
            count += BitOperations.PopCount((Vector256.Equals(here, feed) | alone).ExtractMostSignificantBits());
        }
        for (var rest = (int)i; rest < text.Length; rest++)
        {
            if (text[rest] == '\n' || (text[rest] == '\r' && (rest + 1 == text.Length || text[rest + 1] != '\n')))
                count++;
        }
        return count;
    }
}
