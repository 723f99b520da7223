using Sylvan.Data.Csv;

namespace Etl.Bench.Contenders;

/// <summary>Sylvan's typed getters; text is only looked at, with no string made.</summary>
internal static class SylvanContender
{
    public static Scanned Scan(Shape shape, string file)
    {
        using var text = new StreamReader(file, bufferSize: 1 << 16, encoding: System.Text.Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        using var reader = CsvDataReader.Create(text, new CsvDataReaderOptions { Delimiter = ',', HasHeaders = true, BufferSize = 1 << 16 });
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
                        seen.Integers += reader.GetInt64(i);
                        seen.Decimals += reader.GetDouble(i + 1);
                    }
                    break;
                default:
                    seen.Integers += reader.GetInt64(0);
                    seen.TextLength += reader.GetFieldSpan(1).Length + reader.GetFieldSpan(2).Length;
                    break;
            }
        }

        return seen;
    }

    private static void Order(CsvDataReader reader, ref Scanned seen)
    {
        seen.Integers += reader.GetInt64(0) + reader.GetInt64(4);
        seen.TextLength += reader.GetFieldSpan(1).Length + reader.GetFieldSpan(5).Length + reader.GetFieldSpan(6).Length + reader.GetFieldSpan(7).Length + reader.GetFieldSpan(8).Length;
        seen.Decimals += reader.GetDouble(3);
        if (reader.GetDateTime(2).Ticks > 0)
            seen.Times++;
        if (reader.GetFieldSpan(9).Length > 0 && reader.GetDateTime(9).Ticks > 0)
            seen.Times++;
    }
}
