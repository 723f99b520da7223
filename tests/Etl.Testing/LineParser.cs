using System.Runtime.CompilerServices;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;

namespace Etl.Testing;

/// <summary>A parser of one STRING column: a line is a row, and a line that says <c>bad</c> is rejected.</summary>
public sealed class LineParser : IParser
{
    private const int RowsInABatch = 3;

    public static TableSchema Schema { get; } = new([new Core.Schemas.Column("line", ColumnType.String)]);

    public async ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel)
    {
        var dialects = new List<ObjectDialect>();
        await foreach (var sample in samples.WithCancellation(cancel))
            dialects.Add(new ObjectDialect(sample.Object.Uri, sample.Entry, "utf-8", ",", null, 0, ["line"]));
        return new SchemaProposal(Schema, dialects, []);
    }

    public async IAsyncEnumerable<RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var reader = new StreamReader(input.Content);
        var rows = new List<string>();
        for (var line = 1; await reader.ReadLineAsync(cancel) is { } text; line++)
        {
            input.Tally.RowsRead++;
            if (text == "bad") await rejects.RejectAsync(new Reject(input.Object.Uri, line, 0, "line", text, "said bad", "type", text), cancel);
            else rows.Add(text);
            if (rows.Count < RowsInABatch) continue;
            yield return Batch(rows);
            rows.Clear();
        }

        if (rows.Count > 0) yield return Batch(rows);
    }

    private static RecordBatch Batch(List<string> rows) =>
        new(Schema.ToArrow(), [new StringArray.Builder().AppendRange(rows).Build()], rows.Count);
}
