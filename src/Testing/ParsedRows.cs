using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Formats.Text;
using Xunit;

namespace Etl.Testing;

/// <summary>What a parser made of an object, or of a part of one. What must hold of it whatever the object is, was checked.</summary>
internal sealed class ParsedRows : IDeadLetters
{
    /// <summary>How long a parser may take for what a test gives it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<IReadOnlyList<string?>> rows = [];
    private readonly List<Reject> rejects = [];
    private readonly List<(long Line, long Offset)> places = [];

    /// <summary>The rows, each value in its one spelling.</summary>
    public IReadOnlyList<IReadOnlyList<string?>> Rows => rows;

    /// <summary>The rows that did not fit.</summary>
    public IReadOnlyList<Reject> Rejects => rejects;

    /// <summary>Where the rows are; empty when nobody asked.</summary>
    public IReadOnlyList<(long Line, long Offset)> Places => places;

    /// <summary>The byte that the places' lines are counted from; null for the object's start.</summary>
    public long? PlacesFrom { get; private set; }

    /// <summary>What was counted.</summary>
    public ParseTally Tally { get; } = new();

    /// <summary>The rows as lines, to be compared.</summary>
    public IEnumerable<string> Lines => rows.Select(r => string.Join(" | ", r.Select(v => v ?? "(none)")));

    /// <summary>Reads an object, or a part of one.</summary>
    /// <param name="parser">The parser.</param>
    /// <param name="read">The object.</param>
    /// <param name="schema">The columns that are asked for.</param>
    /// <param name="cancel">Stops.</param>
    /// <param name="part">The part; null for all.</param>
    /// <param name="wantsPlaces">Whether the rows' places are asked for.</param>
    /// <param name="keeps">Whether the batches are looked at when all were given, and not as they come.</param>
    public static async Task<ParsedRows> ReadAsync(IParser parser, ParserObject read, TableSchema schema, CancellationToken cancel, SplitPart? part = null, bool wantsPlaces = false, bool keeps = false)
    {
        var parsed = new ParsedRows();
        // Off this thread, so that one that blocks for ever is found out.
        await Task.Run(() => parsed.ReadAllAsync(parser, read, schema, part, wantsPlaces, keeps, cancel), CancellationToken.None).WaitAsync(Patience, CancellationToken.None);
        return parsed;
    }

    /// <inheritdoc/>
    public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        rejects.Add(reject);
        return ValueTask.CompletedTask;
    }

    private async Task ReadAllAsync(IParser parser, ParserObject read, TableSchema schema, SplitPart? part, bool wantsPlaces, bool keeps, CancellationToken cancel)
    {
        var input = read.Open(parser, Tally, wantsPlaces ? new RowPlaces() : null, part);
        var stored = new List<ServedStream>();
        if (input.OpenStored is { } open) input = input with { OpenStored = () => { stored.Add((ServedStream)open()); return stored[^1]; } };
        var kept = new List<RecordBatch>();
        await using (var content = input.Content)
        {
            await foreach (var batch in parser.ParseAsync(input, schema, this, cancel))
            {
                if (input.Places is { } noted) places.AddRange(noted.Take(batch.Length));
                kept.Add(batch);
                if (!keeps) Look(kept, schema);
            }
        }

        Look(kept, schema);
        PlacesFrom = input.Places?.LineFrom;
        foreach (var opened in stored) await opened.DisposeAsync();
        Assert.False(stored.Count > 0 && ((ServedStream)input.Content).WasRead, "whoever opens the stored bytes leaves the content alone");
        Assert.True(Tally.RowsRead == rows.Count + rejects.Count, $"{Tally.RowsRead} rows were counted, {rows.Count} given and {rejects.Count} rejected: each row read is one of these");
        Assert.All(rejects, r => Check(r, input));
    }

    private void Look(List<RecordBatch> batches, TableSchema schema)
    {
        foreach (var batch in batches)
            using (batch)
            {
                CheckColumns(batch, schema);
                for (var row = 0; row < batch.Length; row++)
                    rows.Add([.. batch.Arrays.Select((column, i) => CanonicalText.Of(schema.Columns[i].Type, ValueText.Format(column, row)))]);
            }

        batches.Clear();
    }

    private static void CheckColumns(RecordBatch batch, TableSchema schema)
    {
        Assert.Equal(Described(schema.ToArrow()), Described(batch.Schema));
        foreach (var (column, field) in batch.Arrays.Zip(batch.Schema.FieldsList))
        {
            Assert.Equal(Described(field.DataType), Described(column.Data.DataType));
            Assert.Equal(batch.Length, column.Length);
            Assert.Equal(Enumerable.Range(0, column.Length).Count(column.IsNull), column.NullCount);
            Assert.True(field.IsNullable || column.NullCount == 0, $"{field.Name} must have a value in each row");
            if (column is StringArray texts) Assert.True(Enumerable.Range(0, texts.Length).All(row => Utf8.IsValid(texts.GetBytes(row))), $"{field.Name} holds text that is not UTF-8");
        }
    }

    private static void Check(Reject reject, SplitInput read)
    {
        Assert.StartsWith(read.Object.NameOf(read.Entry), reject.Object, StringComparison.Ordinal);
        Assert.True(reject.Line >= 1, "a rejected row has a line, or a number, from 1");
        // Text of another encoding counts as UTF-8, which has at most three bytes for one.
        Assert.InRange(reject.ByteOffset, 0, 3 * read.Object.Length);
        Assert.NotEmpty(reject.Reason);
        Assert.NotEmpty(reject.Kind);
    }

    private static IEnumerable<string> Described(Schema schema) => schema.FieldsList.Select(f => $"{f.Name} {Described(f.DataType)}{(f.IsNullable ? "" : " not null")}");

    private static string Described(IArrowType type) => type switch
    {
        TimestampType timestamp => $"timestamp {timestamp.Unit} {timestamp.Timezone}",
        Time64Type time => $"time {time.Unit}",
        Decimal128Type numeric => $"decimal128 {numeric.Precision} {numeric.Scale}",
        Decimal256Type numeric => $"decimal256 {numeric.Precision} {numeric.Scale}",
        _ => type.Name,
    };
}
