using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;

namespace Etl.TestSupport;

/// <summary>A parser of one STRING column: a line is a row, and a line that says <c>bad</c> is rejected. It reads parts of objects, and loses a line of one that starts with <see cref="Misleading"/>, as a parser may that was misled. When it <see cref="Guesses"/>, it says INT64 until it met a line that is <see cref="Text"/>.</summary>
public sealed class LineParser : IParser
{
    private const int RowsInABatch = 3;

    public const string Misleading = "!";

    public const string Text = "text";

    private bool metText;

    public static TableSchema Schema { get; } = new([new Core.Schemas.Column("line", ColumnType.String)]);

    /// <summary>Whether the column's type is a guess that <see cref="Text"/> breaks.</summary>
    public bool Guesses { get; init; }

    /// <summary>How often it inferred.</summary>
    public int Inferences { get; private set; }

    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        var dialects = new List<ObjectDialect>();
        await foreach (var sample in samples.WithCancellation(cancel))
            dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, "utf-8", ",", null, 0, ["line"]) { Divisible = true });
        Inferences++;
        return new SchemaProposal(Guesses && !metText ? new TableSchema([Schema.Columns[0] with { Type = ColumnType.Int64, IsGuess = true }]) : Schema, dialects, []);
    }

    public async IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(input.Content);
        var part = input.Part ?? new SplitPart(0, long.MaxValue, true, null);
        var rows = new List<string>();
        var at = part.Offset;
        if (!part.IsRecordStart)
        {
            at += (await reader.ReadLineAsync(cancel))!.Length + 1;
            if (reader.Peek() == Misleading[0]) at += (await reader.ReadLineAsync(cancel))!.Length + 1;
        }

        var start = at;
        var line = 1;
        for (; at <= part.End && await reader.ReadLineAsync(cancel) is { } text; line++, at += text.Length + 1)
        {
            input.Tally.RowsRead++;
            if (text == Text && schema.Columns[0].IsGuess)
            {
                metText = true;
                throw new SchemaBrokenException(input.Object.Uri, line, part.Offset > 0 ? start : null, "line", "expected INT64, found text");
            }

            if (text == "bad")
                await rejects.RejectAsync(new Reject(input.Object.Uri, line, at, "line", text, "said bad", "type", text) { LineFrom = part.Offset > 0 ? start : null }, cancel);
            else
            {
                rows.Add(text);
                input.Places?.Add(line, at);
            }

            if (rows.Count < RowsInABatch) continue;
            yield return Batch(rows);
            rows.Clear();
        }

        input.Tally.Extent = new SplitExtent(Math.Min(start, input.Object.Length), Math.Min(at, input.Object.Length), line - 1);
        if (rows.Count > 0) yield return Batch(rows);
    }

    private static RecordBatch Batch(List<string> rows) =>
        new(Schema.ToArrow(), [new StringArray.Builder().AppendRange(rows).Build()], rows.Count);
}
