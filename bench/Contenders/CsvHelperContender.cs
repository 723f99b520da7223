using CsvHelper;

namespace Etl.Bench.Contenders;

/// <summary>CsvHelper by itself: <c>Parse&lt;T&gt;</c> of every field, of every field that is not text, or only the span of every field, which is the most a parser that stands on it can reach.</summary>
internal static class CsvHelperContender
{
    private static readonly CsvReaderOptions Options = new() { Separator = ',', HasHeader = true, BufferSize = 1 << 18 };

    /// <summary>Parses every field.</summary>
    /// <param name="shape">What the file holds.</param>
    /// <param name="content">The file.</param>
    /// <param name="texts">Whether text is parsed too, into strings; else its bytes are only pointed at: neither checked to be text nor kept.</param>
    public static Scanned Scan(Shape shape, Stream content, bool texts)
    {
        using var reader = CsvReader.Create(content, Options);
        var seen = default(Scanned);
        while (reader.Read())
        {
            seen.Rows++;
            switch (shape)
            {
                case Shape.Orders:
                    Order(reader, texts, ref seen);
                    break;
                case Shape.Wide:
                    for (var i = 0; i < 100; i += 2)
                    {
                        seen.Integers += reader.Parse<long>(i);
                        seen.Decimals += reader.Parse<double>(i + 1);
                    }
                    break;
                default:
                    seen.Integers += reader.Parse<long>(0);
                    seen.TextLength += Text(reader, 1, texts) + Text(reader, 2, texts);
                    break;
            }
        }

        return seen;
    }

    /// <summary>Visits every field and parses none.</summary>
    public static Scanned Spans(Stream content)
    {
        using var reader = CsvReader.Create(content, Options);
        var seen = default(Scanned);
        while (reader.Read())
        {
            seen.Rows++;
            for (var i = 0; i < reader.FieldCount; i++)
                seen.TextLength += reader.GetSpan(i).Length;
        }

        return seen;
    }

    private static void Order(CsvReader reader, bool texts, ref Scanned seen)
    {
        seen.Integers += reader.Parse<long>(0) + reader.Parse<long>(4);
        seen.TextLength += Text(reader, 1, texts) + Text(reader, 5, texts) + Text(reader, 6, texts) + Text(reader, 7, texts) + Text(reader, 8, texts);
        seen.Decimals += reader.Parse<double>(3);
        if (reader.Parse<DateTime>(2).Ticks > 0)
            seen.Times++;
        if (!reader.IsEmpty(9) && reader.Parse<DateTime>(9).Ticks > 0)
            seen.Times++;
    }

    private static int Text(CsvReader reader, int field, bool texts) => texts ? reader.Parse<string>(field).Length : reader.GetSpan(field).Length;
}
