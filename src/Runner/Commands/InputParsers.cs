using Etl.Core.Contracts;
using Etl.Csv;
using Etl.Formats.Parquet.Reading;
using Etl.Json;

namespace Etl.Runner.Commands;

/// <summary>What reads a file that a command names: the name's ending tells NDJSON and Parquet; everything else is CSV.</summary>
internal static class InputParsers
{
    private static readonly string[] Packed = [".GZ", ".ZST", ".ZIP"];

    /// <summary>The parser for <paramref name="source"/>.</summary>
    /// <param name="source">The file.</param>
    /// <param name="csv">How CSV is read; of it, NDJSON takes whether anything is inferred, and the texts for missing values.</param>
    public static IParser For(SourceObject source, CsvOptions csv)
    {
        var name = source.Uri.ToUpperInvariant();
        if (Array.Find(Packed, p => name.EndsWith(p, StringComparison.Ordinal)) is { } packing) name = name[..^packing.Length];
        return Path.GetExtension(name) switch
        {
            ".NDJSON" or ".JSONL" => new NdjsonParser(new NdjsonOptions { Schema = csv.Schema, Null = csv.Null }),
            ".PARQUET" => new ParquetParser(new ParquetOptions()),
            _ => new CsvParser(csv),
        };
    }
}
