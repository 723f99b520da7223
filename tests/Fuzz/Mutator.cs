namespace Etl.Fuzz;

/// <summary>Changes texts at random: bytes, blocks and the pieces that CSV readers stumble over.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private const int Largest = 1 << 20;

    private static readonly byte[][] Tokens =
    [
        "\""u8.ToArray(), "\"\""u8.ToArray(), ","u8.ToArray(), ";"u8.ToArray(), "\t"u8.ToArray(), "|"u8.ToArray(), "||"u8.ToArray(), "\n"u8.ToArray(), "\r"u8.ToArray(), "\r\n"u8.ToArray(),
        "\n\n"u8.ToArray(), "\","u8.ToArray(), ",\""u8.ToArray(), "\"\n"u8.ToArray(), "\\"u8.ToArray(), "\\\""u8.ToArray(), [0], [0, 0], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x1A],
        [0x95, 0x5C], [0x83, 0x5C, 0x2C], [0x8E, 0xB1], [0xA4, 0xA2], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], "\u0001"u8.ToArray(), "日本"u8.ToArray(), "😀"u8.ToArray(),
        "9223372036854775807"u8.ToArray(), "-9223372036854775808"u8.ToArray(), "9223372036854775808"u8.ToArray(), "1e308"u8.ToArray(), "1e-400"u8.ToArray(), "NaN"u8.ToArray(), "-0"u8.ToArray(),
        "0.000000001"u8.ToArray(), "99999999999999999999999999999.999999999"u8.ToArray(), "1,234.5"u8.ToArray(), "1.234,5"u8.ToArray(), "2024-02-29"u8.ToArray(), "2023-02-29"u8.ToArray(),
        "31/12/2024"u8.ToArray(), "2024年12月20日"u8.ToArray(), "令和6年12月20日"u8.ToArray(), "2024-12-31T23:59:60Z"u8.ToArray(), "0001-01-01T00:00:00+14:00"u8.ToArray(), "9999-12-31T23:59:59.9999999-12:00"u8.ToArray(),
        "true"u8.ToArray(), "NULL"u8.ToArray(), "# comment\n"u8.ToArray(), "sep=;\n"u8.ToArray(), "Total,,\n"u8.ToArray(),
    ];

    private readonly Random random = new(seed);

    /// <summary>The next input.</summary>
    public byte[] Next()
    {
        var text = corpus[random.Next(corpus.Count)];
        for (var changes = 1 + random.Next(12); changes > 0; changes--)
            text = Change(text);
        return text;
    }

    private byte[] Change(byte[] text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(text.Length - at, random.Next(1, 1 + random.Next(1, 200)));
        switch (random.Next(10))
        {
            case 0 when text.Length > 0:
                var flipped = (byte[])text.Clone();
                flipped[random.Next(text.Length)] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 1:
                return [.. text.AsSpan(0, at), .. text.AsSpan(at + length)];
            case 2:
                return [.. text.AsSpan(0, at + length), .. text.AsSpan(at)];
            case 3:
                var other = corpus[random.Next(corpus.Count)];
                return [.. text.AsSpan(0, at), .. other.AsSpan(random.Next(other.Length + 1))];
            case 4:
                return text[..at];
            case 5 when random.Next(40) == 0 && length > 0:
                // Past the sample and the buffers, so that their edges are met.
                var longer = new MemoryStream();
                longer.Write(text, 0, at);
                for (var times = random.Next(1, 20_000); times > 0 && longer.Length < Largest; times--)
                    longer.Write(text, at, length);
                longer.Write(text, at, text.Length - at);
                return longer.ToArray();
            default:
                return [.. text.AsSpan(0, at), .. Tokens[random.Next(Tokens.Length)], .. text.AsSpan(at)];
        }
    }
}
