using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Etl.Chaos.Tests;

/// <summary>The input of one seed: objects of rows made by a random generator, and the oracle's word on which rows a table must hold.</summary>
internal sealed class Orders(Workspace workspace, Random random)
{
    private const int LargeRows = 4_000;
    private int nextId = 1;
    private int nextObject;

    /// <summary>The rows that belong in the table, by id: quantity, price and note as BigQuery writes them.</summary>
    public Dictionary<string, (string Quantity, string Price, string Note)> Expected { get; } = [];

    /// <summary>Rows that do not fit.</summary>
    public int Rejected { get; private set; }

    /// <summary>Some small objects, plain and gzip, and one of a megabyte or more that does not compress well.</summary>
    public void WriteFirst()
    {
        var small = random.Next(2, 5);
        for (var i = 0; i < small; i++) Write(random.Next(1, 120), noteBytes: 6, gzip: i == 1);
        Write(LargeRows, noteBytes: 240, gzip: false);
    }

    /// <summary>One object more, as it arrives while runs fail.</summary>
    public void WriteLate() => Write(random.Next(1, 120), noteBytes: 6, gzip: random.Next(2) == 0);

    private void Write(int rows, int noteBytes, bool gzip)
    {
        var text = new StringBuilder("id,qty,price,note\n");
        var bytes = new byte[noteBytes];
        for (var i = 0; i < rows; i++, nextId++)
        {
            random.NextBytes(bytes);
            var quantity = random.Next(1, 1000).ToString(CultureInfo.InvariantCulture);
            var price = string.Create(CultureInfo.InvariantCulture, $"{random.Next(0, 900)}.{random.Next(0, 10)}{random.Next(1, 10)}");
            var note = Convert.ToBase64String(bytes) + (nextId % 7) switch { 0 => " 表示, \"x\"", 3 => "\nsecond line", _ => "" };
            if (random.Next(60) == 0)
            {
                Rejected++;
                quantity = "many";
            }
            else
            {
                Expected[nextId.ToString(CultureInfo.InvariantCulture)] = (quantity, price, note);
            }

            text.Append(CultureInfo.InvariantCulture, $"{nextId},{quantity},{price},\"{note.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n");
        }

        var content = Encoding.UTF8.GetBytes(text.ToString());
        workspace.Write($"data/acme/in/{nextObject++:D2}.csv{(gzip ? ".gz" : "")}", gzip ? Packed(content) : content);
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var pack = new GZipStream(packed, CompressionLevel.Fastest)) pack.Write(content);
        return packed.ToArray();
    }
}
