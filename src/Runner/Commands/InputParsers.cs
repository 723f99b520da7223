using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Csv;
using Etl.Excel;
using Etl.Formats.Parquet.Reading;
using Etl.Json;

namespace Etl.Runner.Commands;

/// <summary>What reads a file that a command names.</summary>
/// <param name="Name">The parser's name, as pipeline files have it.</param>
/// <param name="Parser">The parser.</param>
internal sealed record InputParser(string Name, IParser Parser);

/// <summary>Chooses what reads a file that a command names: its name's ending tells NDJSON, Parquet and workbooks; a workbook is known by its bytes too, and everything else is CSV.</summary>
internal static class InputParsers
{
    private static readonly string[] Packed = [".GZ", ".ZST", ".ZIP"];

    /// <summary>The parser for <paramref name="read"/>.</summary>
    /// <param name="source">Where the file is.</param>
    /// <param name="read">The file.</param>
    /// <param name="csv">How CSV is read; of it, NDJSON and workbooks take whether anything is inferred, and the texts for missing values.</param>
    /// <param name="excel">Which cells of a workbook are read.</param>
    /// <param name="cancel">Stops.</param>
    public static async ValueTask<InputParser> ForAsync(ISource source, SourceObject read, CsvOptions csv, ExcelOptions excel, CancellationToken cancel)
    {
        var name = read.Uri.ToUpperInvariant();
        if (Array.Find(Packed, p => name.EndsWith(p, StringComparison.Ordinal)) is { } packing) name = name[..^packing.Length];
        return Path.GetExtension(name) switch
        {
            ".NDJSON" or ".JSONL" => new InputParser("ndjson", new NdjsonParser(new NdjsonOptions { Schema = csv.Schema, Null = csv.Null })),
            ".PARQUET" => new InputParser("parquet", new ParquetParser(new ParquetOptions())),
            ".XLSX" or ".XLSM" or ".XLSB" or ".XLS" => Excel(),
            _ => await IsWorkbookAsync(source, read, cancel) ? Excel() : new InputParser("csv", new CsvParser(csv)),
        };

        InputParser Excel() => new("excel", new ExcelParser(excel with { Schema = csv.Schema, Null = csv.Null }));
    }

    private static async ValueTask<bool> IsWorkbookAsync(ISource source, SourceObject read, CancellationToken cancel)
    {
        await using var stored = new ObjectStream(source, read, TimeProvider.System);
        return await WorkbookKind.IsWorkbookAsync(stored, cancel);
    }
}
