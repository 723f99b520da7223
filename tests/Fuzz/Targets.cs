using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Formats.Text;

namespace Etl.Fuzz;

/// <summary>What arbitrary bytes are given to, and what must hold whatever they are: no exception but <see cref="DataException"/>, and counts that add up.</summary>
internal static class Targets
{
    private static readonly SourceObject Object = new("file:///fuzz.csv", "1", 0, DateTimeOffset.UnixEpoch);

    /// <summary>The targets by name.</summary>
    public static IReadOnlyDictionary<string, Func<byte[], Task>> All { get; } = new Dictionary<string, Func<byte[], Task>>
    {
        ["sniff"] = SniffAsync,
        ["infer"] = async bytes => await InferAsync(new CsvParser(new CsvOptions()), bytes),
        ["parse"] = ParseAsync,
    };

    private static Task SniffAsync(byte[] bytes)
    {
        foreach (var complete in new[] { true, false })
        {
            try
            {
                var dialect = CsvSniffer.Sniff(bytes, complete);
                Must(dialect.Delimiter.Length > 0, "a dialect has a delimiter");
                Must(dialect.BomLength <= bytes.Length, "the byte order mark is part of the text");
                Must(dialect.SkipLines >= 0, "lines before the header are not negative");
            }
            catch (DataException)
            {
                // Bytes that are no text are refused in words.
            }
        }

        return Task.CompletedTask;
    }

    private static async Task<TableSchema?> InferAsync(CsvParser parser, byte[] bytes)
    {
        try
        {
            var proposal = await parser.InferAsync(Once(new Sample(Object, null, bytes, Complete: true)), CancellationToken.None);
            Must(proposal.Schema.Columns.Count > 0, "a schema has columns");
            Must(proposal.Schema.Columns.DistinctBy(c => c.Name, StringComparer.OrdinalIgnoreCase).Count() == proposal.Schema.Columns.Count, "column names are distinct");
            return proposal.Schema;
        }
        catch (DataException)
        {
            return null;
        }
    }

    // Whole and in pieces must give the same: where a block ends must not show.
    private static async Task ParseAsync(byte[] bytes)
    {
        var options = FuzzOptions.From(bytes, out var text);
        CsvParser parser;
        try
        {
            parser = new CsvParser(options);
        }
        catch (DataException)
        {
            return;
        }

        if (await InferAsync(parser, text) is not { } schema)
            return;
        var whole = await ReadAsync(parser, schema, new MemoryStream(text));
        var pieces = await ReadAsync(parser, schema, new PiecewiseStream(text, seed: text.Length));
        Must(whole.Failed == pieces.Failed, "a text in pieces fails when it fails whole");
        if (whole.Failed)
            return;
        Must(whole.RowsRead == pieces.RowsRead, $"a text in pieces has as many rows ({pieces.RowsRead}) as whole ({whole.RowsRead})");
        Must(whole.Rejects.SequenceEqual(pieces.Rejects), "a text in pieces has the same rows rejected");
        Must(whole.Values.SequenceEqual(pieces.Values), "a text in pieces has the same values");
    }

    private static async Task<Read> ReadAsync(CsvParser parser, TableSchema schema, Stream content)
    {
        var (tally, rejects, values, rows) = (new ParseTally(), new Rejects(), new List<string?>(), 0L);
        await using var owned = content;
        try
        {
            await foreach (var batch in parser.ParseAsync(new SplitInput(Object, null, content, tally), schema, rejects, CancellationToken.None))
            {
                using (batch)
                {
                    Must(batch.ColumnCount == schema.Columns.Count, "a batch has the schema's columns");
                    rows += batch.Length;
                    for (var column = 0; column < batch.ColumnCount; column++)
                    {
                        Must(batch.Column(column).Length == batch.Length, "columns are as long as their batch");
                        for (var row = 0; row < batch.Length; row++)
                            values.Add(ValueText.Format(batch.Column(column), row));
                    }
                }
            }
        }
        catch (DataException)
        {
            return new Read(true, 0, [], []);
        }

        Must(tally.RowsRead == rows + rejects.Rows.Count, $"rows read ({tally.RowsRead}) = rows kept ({rows}) + rejected ({rejects.Rows.Count})");
        return new Read(false, tally.RowsRead, rejects.Rows, values);
    }

    private static async IAsyncEnumerable<Sample> Once(Sample sample)
    {
        await Task.CompletedTask;
        yield return sample;
    }

    private static void Must(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException($"It does not hold that {what}.");
    }

    private sealed record Read(bool Failed, long RowsRead, List<Reject> Rejects, List<string?> Values);

    private sealed class Rejects : IDeadLetters
    {
        public List<Reject> Rows { get; } = [];

        public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
        {
            Rows.Add(reject);
            return ValueTask.CompletedTask;
        }
    }
}
