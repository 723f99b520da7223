using System.Globalization;
using System.Text;
using System.Xml;

namespace Etl.Excel;

/// <summary>Gathers the text of elements, a piece at a time, so that no element fills the memory.</summary>
internal sealed class XmlText
{
    // Excel takes 32,767 in a cell; others may write more.
    private const int MostChars = 1 << 20;
    private char[] chars = new char[1024];
    private byte[] utf8 = new byte[3 * 1024];
    private int length;

    /// <summary>The text so far.</summary>
    public ReadOnlySpan<char> Chars => chars.AsSpan(0, length);

    /// <summary>Forgets it.</summary>
    public void Clear() => length = 0;

    /// <summary>Adds the text of a string item (ECMA-376 part 1, 18.4.8), plain or rich; how it is pronounced is no part of it. The reader is on its start, and ends on its end.</summary>
    public void AddItem(XmlReader xml)
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        var silent = int.MaxValue;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.Depth <= silent) silent = xml.LocalName == "rPh" ? xml.Depth : int.MaxValue;
            if (silent == int.MaxValue && xml.LocalName == "t") AddElement(xml);
        }
    }

    /// <summary>Adds the text of an element. The reader is on its start, and ends on its end.</summary>
    /// <exception cref="InvalidDataException">It is longer than any cell's.</exception>
    public void AddElement(XmlReader xml)
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)) continue;
            for (int read; (read = xml.ReadValueChunk(chars, length, chars.Length - length)) > 0;)
            {
                length += read;
                if (length > MostChars) throw new InvalidDataException($"A cell has a text of more than {MostChars:N0} characters.");
                if (length == chars.Length) Array.Resize(ref chars, chars.Length * 2);
            }
        }
    }

    /// <summary>The text in UTF-8, in memory that the next call uses again.</summary>
    public ReadOnlySpan<byte> ToUtf8()
    {
        Unescape();
        if (utf8.Length < length * 3) utf8 = new byte[chars.Length * 3];
        return utf8.AsSpan(0, Encoding.UTF8.GetBytes(Chars, utf8));
    }

    // Characters that XML cannot hold stand as _x000D_ (ECMA-376 part 1, 22.9.2.19). Half a character cannot stand alone.
    private void Unescape()
    {
        var from = Chars.IndexOf("_x");
        if (from < 0) return;
        var to = from;
        while (from < length)
        {
            if (from + 6 < length && chars[from] == '_' && chars[from + 1] == 'x' && chars[from + 6] == '_'
                && ushort.TryParse(chars.AsSpan(from + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && !char.IsSurrogate((char)code))
            {
                chars[to++] = (char)code;
                from += 7;
            }
            else
            {
                chars[to++] = chars[from++];
            }
        }

        length = to;
    }
}
