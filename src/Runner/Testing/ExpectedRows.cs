using System.Text;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;

namespace Etl.Runner.Testing;

/// <summary>The rows that a test expects: CSV whose values are read by the types that the pipeline gave, so that 1.50 is 1.5.</summary>
/// <param name="Columns">The columns it names.</param>
/// <param name="Rows">The rows, as text.</param>
internal sealed record ExpectedRows(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows)
{
    private static readonly CsvOptions Plain = new() { Encoding = "utf-8", Delimiter = ",", Quote = "\"", Escape = "\"", Header = true, HeaderRows = 1, SkipLines = 0, Comment = "none" };
    private static readonly SourceObject Here = new("the expected rows", "1", 0, DateTimeOffset.UnixEpoch);

    /// <summary>Reads them.</summary>
    /// <exception cref="DataException">They name a column that is not there, or hold a value that is none of its type.</exception>
    public static async Task<ExpectedRows> ReadAsync(string csv, TableSchema schema, CancellationToken cancel)
    {
        var text = Encoding.UTF8.GetBytes(csv);
        var header = (await new CsvParser(Plain with { Schema = CsvSchemaMode.Strings }).InferAsync(Samples(text), cancel)).Schema;
        var columns = header.Columns.Select(c => schema.IndexOf(c.SourceName ?? c.Name) is >= 0 and var i ? schema.Columns[i]
            : throw new DataException($"the expected rows name the column {c.SourceName ?? c.Name}, which does not come out; the columns are {string.Join(", ", schema.Columns.Select(k => k.Name))}")).ToList();
        var parser = new CsvParser(Plain with { Schema = CsvSchemaMode.Declared, Columns = [.. columns.Select(c => new CsvColumnOptions { Name = c.Name, Type = c.Type })] });
        var (wrong, tally, rows) = (new Wrong(), new ParseTally(), new List<string?[]>());
        using var content = new MemoryStream(text, writable: false);
        var declared = new TableSchema([.. columns.Select(c => new Column(c.Name, c.Type))]);
        await foreach (var batch in parser.ParseAsync(new SplitInput(Here, null, content, tally), declared, wrong, cancel))
            using (batch) rows.AddRange(RowCapture.Read(batch));
        if (wrong.First is { } reject) throw new DataException($"the expected rows, line {reject.Line}{(reject.Column is null ? "" : $", {reject.Column}")}: {reject.Reason}");
        if (tally.Repairs.Count > 0) throw new DataException($"the expected rows are not well-formed CSV ({string.Join(", ", tally.Repairs.Keys)}): give every row a field for each column, and quote what has commas or quotes in it");
        return new ExpectedRows([.. columns.Select(c => c.Name)], rows);
    }

    private static async IAsyncEnumerable<Sample> Samples(byte[] text)
    {
        await Task.Yield();
        yield return new Sample(Here, null, text, Complete: true);
    }

    private sealed class Wrong : IDeadLetters
    {
        public Reject? First { get; private set; }

        public ValueTask RejectAsync(Reject reject, CancellationToken cancel)
        {
            First ??= reject;
            return ValueTask.CompletedTask;
        }
    }
}
