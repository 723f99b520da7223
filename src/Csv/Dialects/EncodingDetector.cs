using System.Text;
using System.Text.Unicode;

namespace Etl.Csv.Dialects;

/// <summary>Which encoding some bytes are text in.</summary>
internal static class EncodingDetector
{
    /// <summary>The encoding and the length of the byte order mark; null when the bytes are no text.</summary>
    public static (string Name, int BomLength)? Detect(ReadOnlySpan<byte> sample, bool complete)
    {
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return ("utf-8", 3);
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]))
            return ("utf-32", 4);
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return ("utf-16", 2);
        if (sample.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return ("utf-16BE", 2);
        if (Utf16(sample) is { } utf16)
            return (utf16, 0);
        if (HoldsControls(sample))
            return null;
        if (IsUtf8(sample, complete))
            return ("utf-8", 0);
        return (EightBit(sample, complete), 0);
    }

    // Delimiters, line ends and digits are ASCII whatever the language: in UTF-16 their other byte is NUL, always on the same side.
    private static string? Utf16(ReadOnlySpan<byte> sample)
    {
        var pairs = sample.Length / 2;
        if (pairs < 2)
            return null;
        int little = 0, big = 0;
        for (var i = 0; i + 1 < sample.Length; i += 2)
        {
            if (sample[i + 1] == 0 && sample[i] != 0)
                little++;
            else if (sample[i] == 0 && sample[i + 1] != 0)
                big++;
        }
        if (little > Math.Max(1, pairs / 20) && big <= little / 50 && IsPlausibleUtf16(sample, "utf-16"))
            return "utf-16";
        return big > Math.Max(1, pairs / 20) && little <= big / 50 && IsPlausibleUtf16(sample, "utf-16BE") ? "utf-16BE" : null;
    }

    private static bool IsPlausibleUtf16(ReadOnlySpan<byte> sample, string name)
    {
        var text = Decode(sample, name);
        if (text is null)
            return false;
        foreach (var c in text)
        {
            if (c is '\0' or TextEncodings.Invalid || (c < ' ' && c is not ('\t' or '\r' or '\n' or '\f' or '\x1A' or '\x1F')))
                return false;
        }
        return true;
    }

    // Text may hold a NUL or two, and one control character between its fields; in what is no text, about every tenth byte is one or another of them.
    private static bool HoldsControls(ReadOnlySpan<byte> sample)
    {
        Span<int> counts = stackalloc int[' '];
        counts.Clear();
        int controls = 0, most = 0;
        foreach (var b in sample)
        {
            if (b >= ' ' || b is (byte)'\t' or (byte)'\r' or (byte)'\n' or 0x0C or 0x1A or 0x1F or 0x1B)
                continue;
            controls++;
            if (++counts[b] > most && b > 0)
                most = counts[b];
        }
        return controls > 1 ? controls - most > sample.Length / 20 : controls == 1 && sample.Length < 8;
    }

    // A few bytes that are no UTF-8 in a text that otherwise is: the text is UTF-8, and its broken rows are rejected. So it is where lines of another encoding stand among lines that are UTF-8 from end to end,
    // which no line of another encoding is by chance once it has some letters beyond ASCII.
    private static bool IsUtf8(ReadOnlySpan<byte> sample, bool complete)
    {
        if (Utf8.IsValid(sample))
            return true;
        int good = 0, bad = 0, goodLines = 0, badLines = 0, goodBytes = 0;
        while (!sample.IsEmpty)
        {
            var end = sample.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? sample : sample[..end];
            var (wide, extra, broken) = Count(line, complete || end >= 0);
            good += wide;
            bad += broken;
            badLines += broken > 0 ? 1 : 0;
            if (broken == 0 && wide > 0)
                (goodLines, goodBytes) = (goodLines + 1, goodBytes + extra);
            sample = sample[Math.Min(line.Length + 1, sample.Length)..];
        }
        return bad == 0 || good >= 20 * bad || (goodLines * 2 >= badLines && goodBytes >= 6);
    }

    // Of a line: characters beyond ASCII, the bytes that follow their first ones, and what is no UTF-8.
    private static (int Wide, int Extra, int Broken) Count(ReadOnlySpan<byte> line, bool complete)
    {
        int wide = 0, extra = 0, broken = 0;
        while (!line.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(line, out _, out var length);
            if (status == System.Buffers.OperationStatus.Done)
                (wide, extra) = (wide + (length > 1 ? 1 : 0), extra + length - 1);
            else if (status != System.Buffers.OperationStatus.NeedMoreData || complete)
                broken++;
            line = line[length..];
        }
        return (wide, extra, broken);
    }

    private static string EightBit(ReadOnlySpan<byte> sample, bool complete)
    {
        var vote = Vote(sample);
        (string Name, double Score) best = ("windows-1252", Plausibility.OfWestern(sample) + (vote is "windows-1252" or "iso-8859-1" or "iso-8859-15" ? 0.1 : 0));
        foreach (var name in (ReadOnlySpan<string>)["shift_jis", "euc-jp"])
        {
            if (Decode(sample, name, complete) is not { } text)
                continue;
            var score = Plausibility.OfJapanese(text) + (vote == name ? 0.2 : 0);
            if (score > best.Score)
                best = (name, score);
        }
        return best.Name;
    }

    private static string? Vote(ReadOnlySpan<byte> sample) =>
        UtfUnknown.CharsetDetector.DetectFromBytes(sample.ToArray()).Detected?.EncodingName?.ToLowerInvariant() switch
        {
            "shift-jis" or "shift_jis" or "cp932" => "shift_jis",
            var other => other,
        };

    // A multi-byte character cut at the end of the sample is no fault of the encoding: flush is false for it.
    private static string? Decode(ReadOnlySpan<byte> sample, string name, bool complete = false)
    {
        var decoder = TextEncodings.Strict(name).GetDecoder();
        var chars = new char[sample.Length + 4];
        try
        {
            return new string(chars, 0, decoder.GetChars(sample, chars, complete));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
