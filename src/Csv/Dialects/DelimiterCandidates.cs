using System.Text;

namespace Etl.Csv.Dialects;

/// <summary>What may stand between the fields of a sample: characters that are on most of its lines.</summary>
internal static class DelimiterCandidates
{
    private const int Lines = 400;
    private const int Most = 8;

    // What people use, the likeliest first. A sign that is rare in text is nearly as good as a comma; a colon or a space has to be much better than the others.
    private static readonly (string Text, double Weight)[] Known =
    [
        (",", 1), ("\t", 1), (";", 1), ("|", 1), ("\x1F", 1), ("\x01", 1), ("\x02", 1), ("\x1E", 1), ("\x07", 1), ("\x1C", 1), ("\x1D", 1), ("\x03", 1), ("\x04", 1), ("\x05", 1), ("\x06", 1), ("\x08", 1),
        ("^", 0.9), ("~", 0.9), ("¦", 0.9), ("§", 0.9), ("¬", 0.9), ("þ", 0.9), ("，", 0.8), ("；", 0.8), ("、", 0.6), (":", 0.6), (" ", 0.6), ("!", 0.5), ("#", 0.5), ("&", 0.5), ("*", 0.5), ("=", 0.4), ("@", 0.4), ("\\", 0.4),
    ];

    /// <summary>How much is given to a delimiter before anything is read with it, from 0 to 1.</summary>
    public static double WeightOf(string delimiter)
    {
        foreach (var (text, weight) in Known)
        {
            if (text == delimiter)
                return weight;
        }
        return 1;
    }

    /// <summary>The delimiters worth reading <paramref name="text"/> with.</summary>
    public static List<string> Of(ReadOnlySpan<byte> text)
    {
        Span<int> lines = stackalloc int[256];
        lines.Clear();
        Span<int> seen = stackalloc int[256];
        seen.Clear();
        var count = 0;
        for (var rest = text; rest.Length > 0 && count < Lines;)
        {
            var length = rest.IndexOfAny((byte)'\r', (byte)'\n');
            var line = length < 0 ? rest : rest[..length];
            rest = length < 0 ? [] : rest[(length + 1)..];
            if (line.IsEmpty)
                continue;
            count++;
            foreach (var b in line)
            {
                if (seen[b] == count)
                    continue;
                seen[b] = count;
                lines[b]++;
            }
        }
        var found = new List<Candidate>();
        foreach (var (candidate, weight) in Known)
        {
            var on = candidate[0] < 0x80 ? lines[candidate[0]] : lines[Encoding.UTF8.GetBytes(candidate)[^1]] is var last && last * 2 >= count && text.IndexOf(Encoding.UTF8.GetBytes(candidate)) >= 0 ? last : 0;
            // The usual ones may be on few lines, when notes stand before and after a small table.
            if (on * (weight == 1 ? 8 : 2) >= count && on > 0)
                AddInOrder(found, new Candidate(candidate, weight * on / count));
        }
        return [.. found.Take(Most).Select(f => f.Text)];
    }

    // The best first; of two as good, the one that came first.
    private static void AddInOrder(List<Candidate> found, Candidate candidate)
    {
        var place = found.FindIndex(f => f.Value < candidate.Value);
        found.Insert(place < 0 ? found.Count : place, candidate);
    }

    // A class, for which the framework's lists and sequences are compiled already.
    private sealed record Candidate(string Text, double Value);
}
