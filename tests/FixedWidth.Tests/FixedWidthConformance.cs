using System.Text;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;

namespace Etl.FixedWidth.Tests;

public abstract class FixedWidthConformance(bool hasLineEnds) : ParserConformance
{
    // A BIGNUMERIC's most, and a blank.
    private const int Width = 80;

    protected override Type OptionsType => typeof(FixedWidthOptions);

    protected override bool NamesColumns => false;

    protected override IParser CreateParser(TableSchema columns) => new FixedWidthParser(new FixedWidthOptions
    {
        Columns = [.. columns.Columns.Select(c => Fixed.Column(c.Name, Width))],
        RecordLength = hasLineEnds ? null : Width * columns.Columns.Count,
        Trim = Trimming.End,
    });

    protected override Task<byte[]> WriteAsync(TableSchema schema, RecordBatch rows) =>
        Task.FromResult(Encoding.UTF8.GetBytes(string.Concat(TextsOf(rows).Select(row => string.Concat(row.Select(Padded)) + (hasLineEnds ? "\n" : "")))));

    private static string Padded(string? value) => (value ?? "") + new string(' ', Width - (value ?? "").EnumerateRunes().Count());
}

public sealed class FixedWidthLinesConformance() : FixedWidthConformance(hasLineEnds: true)
{
    protected override IReadOnlyList<string> Strings => ["a \"quoted\", text\tand \\ a tab", " 日本語 😀 é", "2024-01-01T00:00:00+09:00", "NULL"];
}

public sealed class FixedWidthRecordsConformance() : FixedWidthConformance(hasLineEnds: false)
{
    protected override IReadOnlyList<string> Strings => ["a \"quoted\", text\r\nof two lines\tand \\ a tab", " 日本語 😀 é", "2024-01-01T00:00:00+09:00", "NULL"];
}
