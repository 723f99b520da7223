using System.Buffers;

namespace Etl.Formats.Text;

/// <summary>UTF-8 text as a JSON string (RFC 8259, section 7): quotes, backslashes and control characters escaped, everything else as it is.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\', 0x7f]);

    public static void Write(ReadOnlySpan<byte> text, Utf8Buffer to)
    {
        to.Add((byte)'"');
        for (var at = text.IndexOfAny(Escaped); at >= 0; at = text.IndexOfAny(Escaped))
        {
            to.Add(text[..at]);
            Escape(text[at], to);
            text = text[(at + 1)..];
        }

        to.Add(text);
        to.Add((byte)'"');
    }

    private static void Escape(byte c, Utf8Buffer to)
    {
        switch (c)
        {
            case (byte)'"':
                to.Add("\\\""u8);
                break;
            case (byte)'\\':
                to.Add("\\\\"u8);
                break;
            case (byte)'\n':
                to.Add("\\n"u8);
                break;
            case (byte)'\r':
                to.Add("\\r"u8);
                break;
            case (byte)'\t':
                to.Add("\\t"u8);
                break;
            default:
                to.Add("\\u00"u8);
                to.Add(c, "x2");
                break;
        }
    }
}
