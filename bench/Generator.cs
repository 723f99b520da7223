namespace Etl.Bench;

/// <summary>The shapes of generated files.</summary>
internal enum Shape
{
    /// <summary>What a shop exports: keys, codes, money, times, names and free text.</summary>
    Orders,

    /// <summary>A hundred columns of numbers.</summary>
    Wide,

    /// <summary>Quoted fields with line breaks in them.</summary>
    Quoted,
}

/// <summary>CSV files to measure with: the same seed and size give the same bytes on every machine.</summary>
internal static class Generator
{
    private static readonly byte[][] Statuses = ["open"u8.ToArray(), "paid"u8.ToArray(), "shipped"u8.ToArray(), "returned"u8.ToArray()];
    private static readonly byte[][] Products =
        ["緑茶 500ml"u8.ToArray(), "醤油せんべい"u8.ToArray(), "和紙ノート"u8.ToArray(), "抹茶アイス"u8.ToArray(), "東京ばな奈"u8.ToArray(), "折りたたみ傘"u8.ToArray()];

    private static readonly byte[][] Notes =
    [
        ""u8.ToArray(), "leave at the door"u8.ToArray(), "\"call first, then ring\""u8.ToArray(), "\"the \"\"big\"\" box, please\""u8.ToArray(),
        "gift"u8.ToArray(), "\"fragile, handle with care\""u8.ToArray(),
    ];

    public static void Write(Shape shape, long size, int seed, Stream output)
    {
        var rows = new CsvRows(output);
        var random = new Random(seed);
        Action<CsvRows, Random, long> row = shape switch
        {
            Shape.Orders => Order,
            Shape.Wide => Wide,
            _ => Quoted,
        };
        rows.Text(Header(shape));
        rows.EndRow();
        for (var number = 1L; rows.Length < size; number++)
            row(rows, random, number);
        rows.Flush();
    }

    private static byte[] Header(Shape shape) => shape switch
    {
        Shape.Orders => "order_id,customer_code,ordered_at,amount,quantity,status,email,product,note,shipped_on"u8.ToArray(),
        Shape.Wide => System.Text.Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Range(0, 100).Select(i => $"n{i:d2}"))),
        _ => "id,title,body"u8.ToArray(),
    };

    private static void Order(CsvRows to, Random random, long number)
    {
        // One draw feeds several small fields: drawing costs more than writing.
        var bits = (ulong)random.NextInt64();
        var customer = (long)(bits % 100_000);
        var day = (int)(bits >> 20) & 1023;
        to.Number(number);
        to.Comma();
        to.Number(customer, 8);
        to.Comma();
        Day(to, day);
        to.Text("T"u8);
        Time(to, (int)((bits >> 8) % 86400));
        to.Text("Z,"u8);
        to.Number((long)((bits >> 12) % 1_000_000));
        to.Text("."u8);
        to.Number((long)((bits >> 32) % 100), 2);
        to.Comma();
        to.Number((long)((bits >> 40) % 20) + 1);
        to.Comma();
        to.Text(Statuses[(bits >> 45) & 3]);
        to.Text(",customer"u8);
        to.Number(customer);
        to.Text("@example.com,"u8);
        to.Text(Products[(bits >> 47) % 6]);
        to.Comma();
        to.Text(Notes[(bits >> 50) % 6]);
        to.Comma();
        if ((bits & 7) != 0)
            Day(to, day + 3);
        to.EndRow();
    }

    private static void Wide(CsvRows to, Random random, long number)
    {
        for (var column = 0; column < 100; column += 2)
        {
            var bits = random.NextInt64();
            if (column > 0)
                to.Comma();
            to.Number(bits & 0xfffff);
            to.Comma();
            to.Number((bits >> 20) & 0xffff);
            to.Text("."u8);
            to.Number((bits >> 40) % 1000, 3);
        }

        to.EndRow();
    }

    private static void Quoted(CsvRows to, Random random, long number)
    {
        to.Number(number);
        to.Text(",\"Report, part "u8);
        to.Number(random.Next(100));
        to.Text("\",\"first line\r\nsecond \"\"quoted\"\" line\n"u8);
        for (var line = random.Next(4); line > 0; line--)
            to.Text("one more line, with a comma\n"u8);
        to.Text("end\""u8);
        to.EndRow();
    }

    /// <summary>A day of 2022 to 2024, months of 28 days: fast, and every one exists.</summary>
    private static void Day(CsvRows to, int day)
    {
        to.Number(2022 + (day / 336 % 4), 4);
        to.Text("-"u8);
        to.Number((day / 28 % 12) + 1, 2);
        to.Text("-"u8);
        to.Number((day % 28) + 1, 2);
    }

    private static void Time(CsvRows to, int second)
    {
        to.Number(second / 3600, 2);
        to.Text(":"u8);
        to.Number(second / 60 % 60, 2);
        to.Text(":"u8);
        to.Number(second % 60, 2);
    }
}
