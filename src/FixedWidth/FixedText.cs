using System.Text;
using Etl.Core.Errors;
using Etl.Csv;
using Etl.Csv.Dialects;
using Etl.Csv.Reading;

namespace Etl.FixedWidth;

/// <summary>The text of one object: in which encoding it is, and whether it is transcoded as a whole (where widths count characters) or a field at a time (where they count bytes).</summary>
internal sealed class FixedText
{
    private readonly Encoding? encoding;
    private readonly WidthUnit unit;
    private readonly int bomLength;
    private readonly bool isAscii;
    private char[] chars = [];
    private byte[] utf8 = [];

    private FixedText(Encoding? encoding, WidthUnit unit, int bomLength)
    {
        (this.encoding, this.unit, this.bomLength) = (encoding, unit, bomLength);
        isAscii = encoding is null || encoding.GetString("aZ0 \n"u8) == "aZ0 \n";
        Name = encoding?.WebName ?? "utf-8";
    }

    /// <summary>The encoding's IANA name.</summary>
    public string Name { get; }

    /// <summary>Whether values are transcoded, so that what is no text stands as <see cref="TextEncodings.Invalid"/>.</summary>
    public bool IsTranscoded => encoding is not null;

    /// <summary>Whether the object's bytes are the text that records are cut of.</summary>
    public bool IsPlain => encoding is null || CountsBytes;

    /// <summary>The text of the object that starts with <paramref name="head"/>.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="complete">Whether that is all.</param>
    /// <param name="options">What is known.</param>
    /// <param name="name">The object, for errors.</param>
    /// <exception cref="DataException">The bytes are no text, or cannot be cut as the options say.</exception>
    public static FixedText Of(ReadOnlySpan<byte> head, bool complete, FixedWidthOptions options, string name)
    {
        var stated = options.Encoding is { } given && given != "auto" ? given : null;
        var detected = EncodingDetector.Detect(head, complete);
        var (found, bom) = stated is null ? detected ?? throw new DataException($"{name} holds bytes that are no text in an encoding that is found out. State fixed-width: encoding, such as shift_jis or IBM037.") : (stated, 0);
        var encoding = TextEncodings.Find(found)!;
        if (stated is not null && detected is var (marked, length) && length > 0 && TextEncodings.Find(marked)!.WebName == encoding.WebName) bom = length;
        // The lines' reader passes over UTF-8's mark itself.
        var text = encoding.WebName == "utf-8" ? new FixedText(null, options.Unit, 0) : new FixedText(encoding, options.Unit, bom);
        if (options.Unit == WidthUnit.Bytes && encoding.WebName is "utf-16" or "utf-16BE" or "utf-32" or "utf-32BE")
            throw new DataException($"{name} is {encoding.WebName}, of which no single byte is a character. Have widths count characters: fixed-width: unit: characters.");
        if (options is { Unit: WidthUnit.Bytes, RecordLength: null } && !text.isAscii)
            throw new DataException($"{name} is read as {encoding.WebName}, in which line ends are not those of ASCII. State fixed-width: record_length.");
        return text;
    }

    /// <summary>Whether units are bytes.</summary>
    public bool CountsBytes => unit == WidthUnit.Bytes;

    /// <summary>The text to cut records of.</summary>
    /// <param name="head">The object's first bytes.</param>
    /// <param name="rest">Those after them; null for none.</param>
    public Stream Open(ReadOnlyMemory<byte> head, Stream? rest) =>
        IsPlain ? new SampleStream(head, rest) : new Utf8Source(head[Math.Min(bomLength, head.Length)..], rest ?? Stream.Null, new CsvDialect { Encoding = Name, Delimiter = "" });

    /// <summary>Some of the object's first bytes as the text to cut records of.</summary>
    public ReadOnlySpan<byte> Start(ReadOnlySpan<byte> head) =>
        !IsPlain ? Encoding.UTF8.GetBytes(encoding!.GetString(head[Math.Min(bomLength, head.Length)..])) : head[(head.StartsWith("\uFEFF"u8) ? 3 : 0)..];

    /// <summary>How many units some text has.</summary>
    public int Length(ReadOnlySpan<byte> text) => CountsBytes || Ascii.IsValid(text) ? text.Length : CountCharacters(text);

    /// <summary>Where the unit after so many starts in <paramref name="text"/>; its length when there are fewer, or as many.</summary>
    public int Place(ReadOnlySpan<byte> text, int units)
    {
        if (CountsBytes) return Math.Min(units, text.Length);
        var at = 0;
        while (units > 0 && at < text.Length)
        {
            Rune.DecodeFromUtf8(text[at..], out _, out var bytes);
            at += bytes;
            units--;
        }

        return at;
    }

    /// <summary>A field in UTF-8: itself, or in memory that the next call uses again.</summary>
    /// <param name="field">The field as it was cut.</param>
    /// <param name="isSame">Whether it is itself.</param>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> field, out bool isSame)
    {
        isSame = encoding is null || !CountsBytes || (isAscii && Ascii.IsValid(field));
        if (isSame) return field;
        if (chars.Length < field.Length + 16)
        {
            chars = new char[field.Length * 2 + 16];
            utf8 = new byte[chars.Length * 3];
        }

        return utf8.AsSpan(0, Encoding.UTF8.GetBytes(chars.AsSpan(0, encoding!.GetChars(field, chars)), utf8));
    }

    /// <summary>A record for a person.</summary>
    public string Show(ReadOnlySpan<byte> record) => Encoding.UTF8.GetString(Decode(record, out _));

    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
        {
            Rune.DecodeFromUtf8(text, out _, out var bytes);
            text = text[bytes..];
        }

        return count;
    }
}
