using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Etl.Chaos.Tests;

/// <summary>The input of one seed: objects of rows made by a random generator, and the oracle's word on which rows a table must hold.</summary>
internal sealed class Orders(Workspace workspace, Random random, TrialMode mode)
{
    private const int LargeRows = 4_000;
    private readonly Dictionary<int, Dictionary<string, OrderRow>> byObject = [];
    private int nextId = 1;
    private int nextVersion = 1;

    /// <summary>The rows that belong in the table, by id.</summary>
    public Dictionary<string, OrderRow> Expected { get; } = [];

    /// <summary>Some small objects, plain and gzip, and one of a megabyte or more that does not compress well.</summary>
    public void WriteFirst()
    {
        var small = random.Next(2, 5);
        for (var i = 0; i < small; i++) Write(byObject.Count, random.Next(1, 120), noteBytes: 6, gzip: i == 1);
        Write(byObject.Count, LargeRows, noteBytes: 240, gzip: false);
    }

    /// <summary>An object as it arrives while runs fail: one more, or a small one that is written anew, where the pipeline takes that.</summary>
    public void WriteLate()
    {
        if (mode.TakesChanged && random.Next(2) == 0) Write(0, random.Next(20, 120), noteBytes: 6, gzip: false);
        else Write(byObject.Count, random.Next(1, 120), noteBytes: 6, gzip: random.Next(2) == 0);
    }

    private void Write(int number, int rows, int noteBytes, bool gzip)
    {
        if (byObject.TryGetValue(number, out var old))
            foreach (var id in old.Keys)
                Expected.Remove(id);
        var written = byObject[number] = [];
        var day = new DateOnly(2026, 11, 1).AddDays(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var text = new StringBuilder("id,qty,price,note,ver,day\n");
        var bytes = new byte[noteBytes];
        for (var i = 0; i < rows; i++)
        {
            random.NextBytes(bytes);
            // A key that came before comes again, now and then with a version that is older.
            var again = mode.Updates && nextId > 1 && random.Next(3) == 0;
            var id = (again ? random.Next(1, nextId) : nextId++).ToString(CultureInfo.InvariantCulture);
            var version = random.Next(4) == 0 ? -nextVersion++ : nextVersion++;
            var quantity = random.Next(1, 1000).ToString(CultureInfo.InvariantCulture);
            var price = string.Create(CultureInfo.InvariantCulture, $"{random.Next(0, 900)}.{random.Next(0, 10)}{random.Next(1, 10)}");
            var note = Convert.ToBase64String(bytes) + (i % 7) switch { 0 => " 表示, \"x\"", 3 => "\nsecond line", _ => "" };
            if (random.Next(60) == 0) quantity = "many";
            else if (!Expected.TryGetValue(id, out var there) || there.Version < version)
                Expected[id] = written[id] = new OrderRow(quantity, price, note, version);

            text.Append(CultureInfo.InvariantCulture, $"{id},{quantity},{price},\"{note.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{version},{day}\n");
        }

        var content = Encoding.UTF8.GetBytes(text.ToString());
        workspace.Write($"data/acme/in/{number:D2}.csv{(gzip ? ".gz" : "")}", gzip ? Packed(content) : content);
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var pack = new GZipStream(packed, CompressionLevel.Fastest)) pack.Write(content);
        return packed.ToArray();
    }
}

/// <summary>A row as BigQuery writes it.</summary>
internal sealed record OrderRow(string Quantity, string Price, string Note, long Version);
