using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Excel.Tests;

/// <summary>Runs the parser over workbooks in memory, with the engine's own sampler and reader of objects.</summary>
internal static class Books
{
    public const string Uri = "memory://book.xlsx";

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Files", name));

    public static async Task<SchemaProposal> InferAsync(byte[] book, ExcelOptions? options = null, params byte[][] others)
    {
        var source = new MemorySource().Put("book.xlsx", book);
        for (var i = 0; i < others.Length; i++) source.Put($"book{i + 2}.xlsx", others[i]);
        var parser = new ExcelParser(options ?? new ExcelOptions());
        var objects = await source.ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        return await parser.InferAsync(new Sampler(source, parser, TimeProvider.System).SampleAsync(objects, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    public static Task<Parsed> ParseAsync(BookWriter book, ExcelOptions? options = null, TableSchema? schema = null) => ParseAsync(book.ToArray(), options, schema);

    public static async Task<Parsed> ParseAsync(byte[] book, ExcelOptions? options = null, TableSchema? schema = null)
    {
        schema ??= (await InferAsync(book, options)).Schema;
        var source = new MemorySource().Put("book.xlsx", book);
        var read = await source.ListAsync(TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        var (rejects, rows) = (new CollectedRejects(), new CollectedRows());
        var converter = new Converter(source, new ExcelParser(options ?? new ExcelOptions()), TimeProvider.System);
        var tally = (await converter.ConvertAsync(read, schema, rows, Stream.Null, rejects, TestContext.Current.CancellationToken))!;
        Assert.Equal(tally.RowsRead, rows.Rows.Count + rejects.Rejects.Count);
        return new Parsed(schema, rows.Rows, rejects.Rejects, tally);
    }

    /// <summary>Names and types of the columns.</summary>
    public static string Columns(this TableSchema schema) => string.Join(", ", schema.Columns.Select(c => $"{c.Name} {c.Type}"));
}

/// <summary>What came out.</summary>
internal sealed record Parsed(TableSchema Schema, List<string> Rows, List<Reject> Rejects, ParseTally Tally);

internal sealed class CollectedRows : IEncoder
{
    public List<string> Rows { get; } = [];

    public string Extension => ".txt";

    public async ValueTask<RecordBatch?> EncodeAsync(IAsyncEnumerable<RecordBatch> batches, TableSchema schema, Stream output, CancellationToken cancel)
    {
        await foreach (var batch in batches.WithCancellation(cancel))
            using (batch) Rows.AddRange(batch.Rows());
        return null;
    }
}

internal sealed class CollectedRejects : IDeadLetters
{
    public List<Reject> Rejects { get; } = [];

    public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        Rejects.Add(reject);
        return ValueTask.CompletedTask;
    }
}
