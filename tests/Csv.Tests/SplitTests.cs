using System.Text;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>A file read in parts gives what it gives in one pass, wherever it is cut: a part that was misled about its first record is read again from where the one before it ended, as the engine does.</summary>
public sealed class SplitTests
{
    private static readonly CsvOptions Stated = new() { Delimiter = ",", Quote = "\"", Escape = "\"", Header = true, SkipLines = 0, Encoding = "utf-8", HeaderRows = 1, Schema = CsvSchemaMode.Strings };

    private static readonly CsvOptions Numbers = Stated with { Schema = CsvSchemaMode.Declared, Columns = [new CsvColumnOptions { Name = "a", Type = ColumnType.Int64 }, new CsvColumnOptions { Name = "b", Type = ColumnType.String }] };

    private static readonly string[] Nasty =
    [
        "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\n\"x\ny\",\"z\r\n\"\n\"\"\"\n\",\"\n\"\"\n\"\n5,6\n", "a,b\n\"1,2\n3,4\n5,6\n7,8\",9\n10,11\n", "a,b\n\n\n1,2\n\n3,4\n\n",
        "a,b\n緑茶,\"醤油\nせんべい\"\n😀,é\n", "\ufeffa,b\n1,2\n3,4\n", "a,b\n1,2,3,4\n5\n6,7\n", "a,b\n\"open,2\n3,4\n", "a,b\nx\"y,\"z\n", "a\n1\n2\n\"\n\"\n", "a,b\n\"\",\"\"\n\"\n\",\"\n\"\n",
    ];

    public static TheoryData<string> NastyTexts() => [.. Nasty];

    [Theory]
    [MemberData(nameof(NastyTexts))]
    public Task NastyTextsAreTheSameCutAtEveryByte(string text) => CutEverywhereAsync(Encoding.UTF8.GetBytes(text), Stated);

    [Theory]
    [InlineData("location_coordinates")]
    [MemberData(nameof(SpectrumTests.Files), MemberType = typeof(SpectrumTests))]
    public async Task SpectrumFilesAreTheSameCutAtEveryByte(string name) =>
        await CutEverywhereAsync(await File.ReadAllBytesAsync(Path.Combine(SharedData.Path("csv-spectrum"), "csvs", name + ".csv")), new CsvOptions { Schema = CsvSchemaMode.Strings, Header = true, Delimiter = "," });

    [Theory]
    [InlineData("a,b\n1,x\nbad,y\n3,\"z\nz\"\nbad,w\n5,v")]
    [InlineData("a,b\r\n1,x\r\nbad,\"緑\r\n茶\"\r\n3,\"\"\"\"\r\n\r\nbad,w\r\n")]
    [InlineData("a,b\r1,x\rbad,y\r\"bad\",\"z\rz\"\r4,w\r")]
    public Task RejectedRowsHaveTheSameLinesAndOffsetsCutAtEveryByte(string text) => CutEverywhereAsync(Encoding.UTF8.GetBytes(text), Numbers, rejected: 2);

    [Theory]
    [InlineData("id,name,price\n1,a,2\n2,b,3\n\nid,name,colour\n3,c,red\n4,d,blue\n5,e,green\n", 4)]
    [InlineData("id,name,price\n1,a,2\nid,name,colour\n3,c,red\nid,name,price\n6,f,4\n7,g,5\n", 2)]
    public Task RowsAfterTheHeaderOfAnotherTableAreTheSameCutAtEveryByte(string text, int rejected) =>
        CutEverywhereAsync(Encoding.UTF8.GetBytes(text), Stated, rejected);

    [Theory]
    [InlineData("utf-8", ",", "\"", null, true)]
    [InlineData("shift_jis", ",", "\"", null, false)]
    [InlineData("utf-8", "||", "\"", null, false)]
    [InlineData("utf-8", ",", "\"", "\\", false)]
    [InlineData("utf-8", ",", "none", "\\", false)]
    [InlineData("utf-8", "tab", "none", null, true)]
    public async Task OnlyPlainTextThatIsSplitAsItIsComesInParts(string encoding, string delimiter, string quote, string? escape, bool divisible)
    {
        var options = new CsvOptions { Encoding = encoding, Delimiter = delimiter, Quote = quote, Escape = escape };
        var sample = new Sample(Csv.Object(), null, "a,b\n1,2\n3,4\n"u8.ToArray(), true) { IsPlain = true };

        Assert.Equal(divisible, await DividesAsync(sample, options));
        Assert.False(await DividesAsync(sample with { IsPlain = false }, options));
    }

    private static async Task<bool> DividesAsync(Sample sample, CsvOptions options)
    {
        var inferrer = new SchemaInferrer(options);
        await inferrer.AddAsync(sample, TestContext.Current.CancellationToken);
        return inferrer.Propose().Dialects[0].Divisible;
    }

    [Fact]
    public Task GeneratedTablesAreTheSameCutAtEveryByte() =>
        Gen.Select(
            AnyOf.These("a", "12", "\"", ",", "\n", "\r\n", "é", "日本", "").Array[0, 5].Select(parts => string.Concat(parts)).Array[2].Array[1, 7],
            AnyOf.These("\n", "\r\n"), Gen.Bool).SampleAsync(
            async table =>
            {
                var (rows, end, last) = table;
                var text = "a,b" + end + string.Join(end, rows.Select(r => string.Join(',', r.Select(Write)))) + (last ? end : "");
                await CutEverywhereAsync(Encoding.UTF8.GetBytes(text), Stated);
            }, iter: 100);

    private static string Write(string field) => field.AsSpan().IndexOfAny("\",\r\n") >= 0 || field.Length == 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static async Task CutEverywhereAsync(byte[] bytes, CsvOptions options, int? rejected = null)
    {
        var proposal = await Csv.InferAsync(bytes, options);
        var whole = await ReadAsync(bytes, proposal.Schema, options, null);
        if (rejected is { } expected)
            Assert.Equal(expected, whole.Rejects.Count);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var first = await ReadAsync(bytes, proposal.Schema, options, new SplitPart(0, cut, IsRecordStart: true, Head: null));
            var second = await ReadAsync(bytes, proposal.Schema, options, new SplitPart(cut, bytes.Length, IsRecordStart: false, new MemoryStream(bytes)));
            if (second.Start != first.End || first.EndsIn is not null)
                second = await ReadAsync(bytes, proposal.Schema, options, new SplitPart(first.End, bytes.Length, IsRecordStart: true, new MemoryStream(bytes)) { StartsIn = first.EndsIn });
            Assert.Equal(first.End, second.Start);
            Assert.Equal(bytes.Length, second.End);
            Assert.True(whole.Rows.SequenceEqual([.. first.Rows, .. second.Rows]), $"Cut at byte {cut}: {Shown(whole.Rows)} in one pass, {Shown(first.Rows)} and {Shown(second.Rows)} in two.");
            Assert.Equal(whole.Rejects, [.. first.Rejects, .. second.Rejects.Select(r => r with { Line = r.Line + first.Lines })]);
            Assert.Equal(whole.Lines, first.Lines + second.Lines);
        }
    }

    private static async Task<Read> ReadAsync(byte[] bytes, TableSchema schema, CsvOptions options, SplitPart? part)
    {
        var offset = (int)(part?.Offset ?? 0);
        var (tally, rejects, rows) = (new ParseTally(), new CollectedRejects(), new List<string>());
        using var content = new MemoryStream(bytes, offset, bytes.Length - offset);
        var source = Csv.Object() with { Length = bytes.Length };
        await foreach (var batch in new CsvParser(options).ParseAsync(new SplitInput(source, null, content, tally) { Part = part }, schema, rejects, CancellationToken.None))
        {
            using (batch)
            {
                for (var row = 0; row < batch.Length; row++)
                    rows.Add(string.Join('|', Enumerable.Range(0, batch.ColumnCount).Select(c => ArrowText.Of(batch.Column(c), row) ?? "NULL")));
            }
        }

        Assert.Equal(tally.RowsRead, rows.Count + rejects.Rejects.Count);
        var extent = tally.Extent!;
        return new Read(rows, [.. rejects.Rejects.Select(r => new Rejected(r.Line, r.ByteOffset, r.Kind, r.Row))], extent.Start, extent.End, extent.Lines, extent.EndsIn);
    }

    private static string Shown(List<string> rows) => $"[{string.Join("; ", rows)}]";

    private sealed record Rejected(long Line, long ByteOffset, string Kind, string Row);

    private sealed record Read(List<string> Rows, List<Rejected> Rejects, long Start, long End, long Lines, string? EndsIn);
}
