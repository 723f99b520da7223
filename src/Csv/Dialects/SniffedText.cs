using System.Text;
using CsvHelper;
using Etl.Core.Errors;

namespace Etl.Csv.Dialects;

/// <summary>A sample with its dialect, in UTF-8 and without its byte order mark.</summary>
internal sealed record SniffedText(CsvDialect Dialect, ReadOnlyMemory<byte> Utf8, bool Complete)
{
    public static SniffedText From(ReadOnlyMemory<byte> sample, bool complete, CsvOptions options, string name)
    {
        var (encoding, bom) = FindEncoding(sample.Span, complete, options, name);
        var text = ToUtf8(sample[bom..], encoding, complete);
        if (!complete)
            text = WholeLines(text);
        try
        {
            var dialect = DialectDetector.Detect(text, complete, options) with { Encoding = encoding, BomLength = bom };
            return new SniffedText(dialect, text, complete);
        }
        catch (CsvFormatException e)
        {
            throw UnreadableRecord.Explain(e, name, after: null);
        }
    }

    private static (string Encoding, int BomLength) FindEncoding(ReadOnlySpan<byte> sample, bool complete, CsvOptions options, string name)
    {
        var found = EncodingDetector.Detect(sample, complete);
        if (options.Encoding is null or "auto")
            return found ?? throw new DataException($"{name} does not look like text: it holds NUL or control bytes. Leave it out with the source's pattern, or state csv: encoding.");
        var stated = TextEncodings.Find(options.Encoding) ?? throw new DataException($"csv: encoding: there is no encoding called {options.Encoding}. Try utf-8, shift_jis, euc-jp or windows-1252.");
        var named = stated.WebName;
        if (found is not { BomLength: > 0 } mark)
            return (named, 0);
        // "utf-16" leaves the byte order to the mark.
        if (named == "utf-16" && mark.Name == "utf-16BE")
            return mark;
        if (named == "utf-8" && mark.Name.StartsWith("utf-16", StringComparison.Ordinal))
            throw new DataException($"{name} starts with the byte order mark of UTF-16, but csv: encoding says utf-8. State utf-16, or leave csv: encoding out.");
        return mark.Name == named ? mark : (named, 0);
    }

    // The last line of a sample may be cut. A quoted field that it cuts stays open, and is seen to.
    private static ReadOnlyMemory<byte> WholeLines(ReadOnlyMemory<byte> text)
    {
        var end = text.Span.LastIndexOfAny((byte)'\r', (byte)'\n');
        return end < 0 ? text : text[..(end + 1)];
    }

    private static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> bytes, string encoding, bool complete)
    {
        if (encoding == "utf-8")
            return bytes;
        var decoder = TextEncodings.Find(encoding)!.GetDecoder();
        var chars = new char[bytes.Length + 16];
        var count = decoder.GetChars(bytes.Span, chars, complete);
        return Encoding.UTF8.GetBytes(chars, 0, count);
    }
}
