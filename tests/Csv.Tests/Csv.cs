using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.TestSupport;

namespace Etl.Csv.Tests;

/// <summary>Runs the parser over text in memory.</summary>
internal static class Csv
{
    public const string Uri = "s3://bucket/a.csv";

    public static SourceObject Object(string uri = Uri) => new(uri, "v1", 0, DateTimeOffset.UnixEpoch);

    public static Task<Parsed> ParseAsync(string text, TableSchema? schema = null, CsvOptions? options = null) =>
        ParseAsync(Encoding.UTF8.GetBytes(text), schema, options);

    public static async Task<Parsed> ParseAsync(byte[] bytes, TableSchema? schema = null, CsvOptions? options = null, Func<byte[], Stream>? open = null)
    {
        var parser = new CsvParser(options ?? new CsvOptions());
        schema ??= (await InferAsync(bytes, options)).Schema;
        var tally = new ParseTally();
        var rejects = new CollectedRejects();
        using var stream = open is null ? new MemoryStream(bytes) : open(bytes);
        var rows = new List<string?[]>();
        var sizes = new List<int>();
        await foreach (var batch in parser.ParseAsync(new SplitInput(Object(), null, stream, tally), schema, rejects, CancellationToken.None))
        {
            using (batch)
            {
                sizes.Add(batch.Length);
                for (var row = 0; row < batch.Length; row++)
                    rows.Add([.. Enumerable.Range(0, batch.ColumnCount).Select(c => ArrowText.Of(batch.Column(c), row))]);
            }
        }
        Assert.Equal(tally.RowsRead, rows.Count + rejects.Rejects.Count);
        return new Parsed(schema, rows, rejects.Rejects, tally, sizes);
    }

    public static async Task<SchemaProposal> InferAsync(byte[] bytes, CsvOptions? options = null, bool complete = true) =>
        await new CsvParser(options ?? new CsvOptions()).InferAsync(Samples([new Sample(Object(), null, bytes, complete)]), CancellationToken.None);

    public static async Task<SchemaProposal> InferAsync(params string[] objects) =>
        await new CsvParser(new CsvOptions()).InferAsync(Samples(objects.Select((o, i) => new Sample(Object($"s3://bucket/{i}.csv"), null, Encoding.UTF8.GetBytes(o), true))), CancellationToken.None);

    public static TableSchema Schema(params (string Name, ColumnType Type)[] columns) => new([.. columns.Select(c => new Column(c.Name, c.Type))]);

    private static async IAsyncEnumerable<Sample> Samples(IEnumerable<Sample> samples)
    {
        foreach (var sample in samples)
        {
            await Task.Yield();
            yield return sample;
        }
    }
}

internal sealed record Parsed(TableSchema Schema, List<string?[]> Rows, List<Reject> Rejects, ParseTally Tally, List<int> BatchSizes);

internal sealed class CollectedRejects : IDeadLetters
{
    public List<Reject> Rejects { get; } = [];

    public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        Rejects.Add(reject);
        return ValueTask.CompletedTask;
    }
}
