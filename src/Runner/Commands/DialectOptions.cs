using System.CommandLine;
using Etl.Csv;
using Etl.Excel;

namespace Etl.Runner.Commands;

/// <summary>The options of a command that say how a CSV file is written, or which cells of a workbook are read. What is not given is found out.</summary>
internal sealed class DialectOptions
{
    private readonly Option<string?> encoding = new("--encoding") { Description = "The text encoding, such as utf-8, shift_jis or windows-1252." };
    private readonly Option<string?> delimiter = new("--delimiter") { Description = "What stands between fields: tab, space, or the characters themselves." };
    private readonly Option<string?> quote = new("--quote") { Description = "The quote character, or none." };
    private readonly Option<string?> escape = new("--escape") { Description = "What stands before a quote inside a quoted field: the quote itself, or \\ or another character." };
    private readonly Option<string?> comment = new("--comment") { Description = "What a comment line starts with, or none." };
    private readonly Option<bool> header = new("--header") { Description = "The first row names the columns." };
    private readonly Option<bool> noHeader = new("--no-header") { Description = "The first row is data." };
    private readonly Option<int?> headerRows = new("--header-rows") { Description = "How many rows the header has." };
    private readonly Option<int?> skipLines = new("--skip-lines") { Description = "How many lines stand before the header or the first row." };
    private readonly Option<string?> sheet = new("--sheet") { Description = "Of a workbook: the sheet's name, or its number from 1." };
    private readonly Option<string?> range = new("--range") { Description = "Of a workbook: the cells to read, such as B3:H or A1:F200." };
    private readonly Option<string[]> nulls = new("--null") { Description = "A text that means that a value is missing; may be given several times." };

    /// <summary>Makes them options of <paramref name="command"/>.</summary>
    public DialectOptions AddTo(Command command)
    {
        foreach (var option in (Option[])[encoding, delimiter, quote, escape, comment, header, noHeader, headerRows, skipLines, sheet, range, nulls])
            command.Options.Add(option);
        headerRows.Validators.Add(r => { if (r.GetValueOrDefault<int?>() is < 1 or > 16) r.AddError("--header-rows is a number from 1 to 16."); });
        skipLines.Validators.Add(r => { if (r.GetValueOrDefault<int?>() is < 0) r.AddError("--skip-lines is a number from 0."); });
        range.Validators.Add(r => { if (r.GetValueOrDefault<string?>() is { } cells && !ExcelOptions.IsRange(cells)) r.AddError("--range is written as in a formula, such as B3:H or A1:F200."); });
        command.Validators.Add(r =>
        {
            if (r.GetValue(noHeader) && (r.GetValue(header) || r.GetValue(headerRows) is not null))
                r.AddError("--no-header contradicts --header and --header-rows.");
        });
        return this;
    }

    /// <summary>What was given.</summary>
    public CsvOptions Read(ParseResult parsed) => new()
    {
        Encoding = parsed.GetValue(encoding),
        Delimiter = parsed.GetValue(delimiter),
        Quote = parsed.GetValue(quote),
        Escape = parsed.GetValue(escape),
        Comment = parsed.GetValue(comment),
        Header = parsed.GetValue(noHeader) ? false : parsed.GetValue(header) || parsed.GetValue(headerRows) is not null ? true : null,
        HeaderRows = parsed.GetValue(headerRows),
        SkipLines = parsed.GetValue(skipLines),
        Null = parsed.GetValue(nulls) is { Length: > 0 } texts ? texts : null,
    };

    /// <summary>What was given, for a workbook.</summary>
    public ExcelOptions ReadSheet(ParseResult parsed) => new()
    {
        Sheet = parsed.GetValue(sheet),
        Range = parsed.GetValue(range),
        Header = parsed.GetValue(noHeader) ? 0 : parsed.GetValue(headerRows),
        SkipRows = parsed.GetValue(skipLines) ?? 0,
    };
}
