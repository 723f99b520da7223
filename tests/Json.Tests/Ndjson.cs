using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Xunit;

namespace Etl.Json.Tests;

/// <summary>Runs the parser over text in memory.</summary>
internal static class Ndjson
{
    public const string Uri = "s3://bucket/a.ndjson";

    public static SourceObject Object(long length = 0) => new(Uri, "v1", length, DateTimeOffset.UnixEpoch);

    public static async Task<SchemaProposal> InferAsync(string text, NdjsonOptions? options = null, bool complete = true) =>
        await InferAsync(options, new Sample(Object(), null, Encoding.UTF8.GetBytes(text), complete) { IsPlain = true });

    public static async Task<SchemaProposal> InferAsync(NdjsonOptions? options, params Sample[] samples) =>
        await new NdjsonParser(options ?? new NdjsonOptions()).InferAsync(samples.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

    public static Task<Parsed> ParseAsync(string text, TableSchema? schema = null, NdjsonOptions? options = null) => ParseAsync(Encoding.UTF8.GetBytes(text), schema, options);

    public static async Task<Parsed> ParseAsync(byte[] bytes, TableSchema? schema = null, NdjsonOptions? options = null, SplitPart? part = null)
    {
        schema ??= (await InferAsync(options, new Sample(Object(bytes.Length), null, bytes, true))).Schema;
        var tally = new ParseTally();
        var rejects = new CollectedRejects();
        var rows = new List<string>();
        var content = new MemoryStream(bytes, (int)(part?.Offset ?? 0), bytes.Length - (int)(part?.Offset ?? 0));
        var input = new SplitInput(Object(bytes.Length), null, content, tally) { Part = part };
        await foreach (var batch in new NdjsonParser(options ?? new NdjsonOptions()).ParseAsync(input, schema, rejects, TestContext.Current.CancellationToken))
            using (batch)
                for (var row = 0; row < batch.Length; row++)
                    rows.Add(string.Join('|', Enumerable.Range(0, batch.ColumnCount).Select(c => ArrowText.Of(batch.Column(c), row) ?? "NULL")));
        Assert.Equal(tally.RowsRead, rows.Count + rejects.Rejects.Count);
        return new Parsed(schema, rows, rejects.Rejects, tally);
    }

    public static TableSchema Schema(params (string Name, ColumnType Type)[] columns) => new([.. columns.Select(c => new Column(c.Name, c.Type))]);
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
