using CsvHelper;

namespace Etl.Bench.Contenders;

/// <summary>CsvHelper by itself: <c>Parse&lt;T&gt;</c> of every typed field, or only the span of every field, which is the most a parser that stands on it can reach.</summary>
internal static class CsvHelperContender
{
    private static readonly CsvReaderOptions Options = new() { Separator = ',', HasHeader = true, BufferSize = 1 << 18 };

    public static Scanned Scan(Shape shape, Stream content)
    {
        using var reader = CsvReader.Create(content, Options);
        var seen = default(Scanned);
        while (reader.Read())
        {
            seen.Rows++;
            switch (shape)
            {
                case Shape.Orders:
                    Order(reader, ref seen);
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
                    seen.TextLength += reader.GetSpan(1).Length + reader.GetSpan(2).Length;
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

    private static void Order(CsvReader reader, ref Scanned seen)
    {
        seen.Integers += reader.Parse<long>(0) + reader.Parse<long>(4);
        seen.TextLength += reader.GetSpan(1).Length + reader.GetSpan(5).Length + reader.GetSpan(6).Length + reader.GetSpan(7).Length + reader.GetSpan(8).Length;
        seen.Decimals += reader.Parse<double>(3);
        if (reader.Parse<DateTime>(2).Ticks > 0)
            seen.Times++;
        if (!reader.IsEmpty(9) && reader.Parse<DateTime>(9).Ticks > 0)
            seen.Times++;
    }
}
