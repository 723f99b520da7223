using System.Text;
using CsCheck;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Csv.Tests.Inference;

public sealed class WholeInferenceTests
{
    [Fact]
    public async Task AValueFarFromTheStartWidensTheColumnAndIsNamed()
    {
        var rows = new StringBuilder("id,n,note\n");
        for (var i = 1; i <= 300_000; i++)
            rows.Append(i).Append(',').Append(i == 299_000 ? "1.5" : "7").Append(i == 5 ? ",\"two\nlines\"\n" : i == 250_000 ? ",x\n" : ",\n");
        var proposal = await WholeAsync(rows.ToString(), 1000);
        Assert.Equal([ColumnType.Int64, ColumnType.Numeric, ColumnType.String], proposal.Schema.Columns.Select(c => c.Type));
    }

    [Fact]
    public async Task ALineFarFromTheStartIsCountedWithTheLinesInQuotedFields()
    {
        var rows = new StringBuilder("id,note\r\n");
        for (var i = 1; i <= 200_000; i++)
            rows.Append(i == 190_000 ? "x" : i).Append(",\"two\r\nlines\"\r\n");
        var proposal = await WholeAsync(rows.ToString(), 5000);
        Assert.Contains(proposal.Notes, n => n.Contains("line 379999 ", StringComparison.Ordinal) || n.Contains("line 380000 ", StringComparison.Ordinal));
    }

    [Fact]
    public Task WhateverIsReadFirstTheSchemaIsThatOfTheWhole() =>
        Gen.Select(Fields, Gen.Int[0, 200]).SampleAsync(async (rows, head) =>
        {
            var text = "a,b\n" + string.Concat(rows.Select(r => $"{r.Item1},{r.Item2}\n"));
            var options = new CsvOptions { Header = true, Delimiter = ",", Quote = "\"", SkipLines = 0 };
            var whole = await Csv.InferAsync(Encoding.UTF8.GetBytes(text), options);
            var streamed = await WholeAsync(text, Math.Min(head, Encoding.UTF8.GetByteCount(text)), options);
            Assert.Equal(whole.Schema, streamed.Schema);
            Assert.Equal(whole.Notes, streamed.Notes);
        }, iter: 300);

    [Fact]
    public Task TheOrderOfTheRowsDoesNotMatter() =>
        Gen.Select(Fields, Gen.Int).SampleAsync(async (rows, seed) =>
        {
            var options = new CsvOptions { Header = true, Delimiter = ",", Quote = "\"", SkipLines = 0 };
            async Task<TableSchema> SchemaOf(IEnumerable<(string, string)> some) =>
                (await Csv.InferAsync(Encoding.UTF8.GetBytes("a,b\n" + string.Concat(some.Select(r => $"{r.Item1},{r.Item2}\n"))), options)).Schema;
            var shuffled = rows.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(await SchemaOf(rows), await SchemaOf(shuffled));
        }, iter: 300);

    [Fact]
    public async Task APieceOfTheMiddleWidensTheColumn()
    {
        var text = Encoding.UTF8.GetBytes("id,n\n" + string.Concat(Enumerable.Range(1, 1000).Select(i => $"{i},{(i == 700 ? "?" : "1")}\n")));
        for (var offset = 4000; offset < 4020; offset++)
        {
            var proposal = await InferAsync(Piece(text, 0, 100), Piece(text, offset, text.Length - offset));
            Assert.Equal([ColumnType.Int64, ColumnType.String], proposal.Schema.Columns.Select(c => c.Type));
        }
    }

    [Fact]
    public async Task APieceThatStartsInsideAQuotedFieldIsNoFalseEvidence()
    {
        var text = Encoding.UTF8.GetBytes("id,note\n" + string.Concat(Enumerable.Range(1, 50).Select(i => $"{i},\"x,1\ny,2\nz\"\n")));
        for (var offset = 30; offset < text.Length; offset++)
        {
            var proposal = await InferAsync(Piece(text, 0, 30), Piece(text, offset, text.Length - offset));
            Assert.Equal([ColumnType.Int64, ColumnType.String], proposal.Schema.Columns.Select(c => c.Type));
        }
    }

    // One row at least has a value: a record of delimiters is none.
    private static Gen<(string, string)[]> Fields { get; } =
        Gen.Select(Field, Field).Array[1, 20].Where(rows => rows.Any(r => r != ("", "")));

    private static Gen<string> Field => AnyOf.These("1", "2", "-3", "1.5", "007", "x", "", "2024-01-31", "13/12/2024", "1/2/2024", "\"1,234\"", "\"a\nb\"", "true", "9007199254740993", "1e5");

    private static Task<SchemaProposal> WholeAsync(string text, int head, CsvOptions? options = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return InferAsync(options, new Sample(Csv.Object(), null, bytes.AsMemory(0, head), Complete: false) { Rest = bytes.Length > 10_000 ? new MemoryStream(bytes[head..]) : new TrickleStream(bytes[head..]) });
    }

    private static Sample Piece(byte[] text, int offset, int length) =>
        new(Csv.Object() with { Length = text.Length }, null, text.AsMemory(offset, length), Complete: false) { Offset = offset };

    private static Task<SchemaProposal> InferAsync(params Sample[] samples) => InferAsync(null, samples);

    private static async Task<SchemaProposal> InferAsync(CsvOptions? options, params Sample[] samples) =>
        await new CsvParser(options ?? new CsvOptions()).InferAsync(samples.ToAsyncEnumerable(), CancellationToken.None);
}
