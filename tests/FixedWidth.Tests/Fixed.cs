using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.FixedWidth.Tests;

/// <summary>Runs the parser over text in memory.</summary>
internal static class Fixed
{
    public const string Uri = "s3://bucket/a.txt";

    public static SourceObject Object(long length = 0) => new(Uri, "v1", length, DateTimeOffset.UnixEpoch);

    public static byte[] Cp932(string text) => CodePagesEncodingProvider.Instance.GetEncoding(932)!.GetBytes(text);

    public static byte[] Ebcdic(string text) => CodePagesEncodingProvider.Instance.GetEncoding("IBM037")!.GetBytes(text);

    public static FixedColumnOptions Column(string name, int width, ColumnType? type = null, int? start = null) => new() { Name = name, Width = width, Type = type, Start = start };

    public static async Task<SchemaProposal> InferAsync(byte[] bytes, FixedWidthOptions? options = null, bool complete = true) =>
        await new FixedWidthParser(options ?? new FixedWidthOptions()).InferAsync(new[] { new Sample(Object(bytes.Length), null, bytes, complete) { IsPlain = true } }.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

    public static Task<Parsed> ParseAsync(string text, FixedWidthOptions? options = null) => ParseAsync(Encoding.UTF8.GetBytes(text), options);

    public static async Task<Parsed> ParseAsync(byte[] bytes, FixedWidthOptions? options = null, TableSchema? schema = null, SplitPart? part = null)
    {
        schema ??= (await InferAsync(bytes, options)).Schema;
        var tally = new ParseTally();
        var rejects = new CollectedRejects();
        var rows = new List<string>();
        var content = new MemoryStream(bytes, (int)(part?.Offset ?? 0), bytes.Length - (int)(part?.Offset ?? 0));
        var input = new SplitInput(Object(bytes.Length), null, content, tally) { Part = part };
        await foreach (var batch in new FixedWidthParser(options ?? new FixedWidthOptions()).ParseAsync(input, schema, rejects, TestContext.Current.CancellationToken))
            using (batch) rows.AddRange(batch.Rows());
        Assert.Equal(tally.RowsRead, rows.Count + rejects.Rejects.Count);
        return new Parsed(schema, rows, rejects.Rejects, tally);
    }
}

/// <summary>What came out.</summary>
internal sealed record Parsed(TableSchema Schema, List<string> Rows, List<Reject> Rejects, ParseTally Tally);

internal sealed class CollectedRejects : IDeadLetters
{
    public List<Reject> Rejects { get; } = [];

    public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        Rejects.Add(reject);
        return ValueTask.CompletedTask;
    }
}
