using System.Security.Cryptography;
using Apache.Arrow;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Excel;
using Etl.Formats.Parquet.Reading;
using Etl.Json;

namespace Etl.Lookup;

/// <summary>Reads a lookup's file with the parser of its kind.</summary>
/// <param name="path">The file.</param>
internal sealed class LookupFile(string path)
{
    /// <summary>The largest file.</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>The most rows.</summary>
    public const int MostRows = 1_000_000;

    private const string Advice = "Load it as a table of its own, and join the two in the warehouse.";

    /// <summary>SHA-256 of the file in hex; empty when it cannot be read.</summary>
    public string Digest()
    {
        try
        {
            using var content = File.OpenRead(path);
            return content.Length > MostBytes ? "" : Convert.ToHexStringLower(SHA256.HashData(content));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>All rows, with the line of each.</summary>
    /// <param name="digest">What <see cref="Digest"/> gave.</param>
    /// <param name="typed">How columns are typed, in a file that does not say so itself.</param>
    /// <param name="wanted">The names of the columns that are wanted.</param>
    /// <exception cref="DataException">The file cannot be read, is too large, or has a row that does not fit.</exception>
    public async Task<(TableSchema Schema, List<RecordBatch> Batches, List<long> Lines)> ReadAsync(string digest, IReadOnlyList<CsvColumnOptions> typed, IReadOnlyList<string> wanted)
    {
        var content = Content();
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != digest)
            throw new DataException($"lookup: {path} changed after this process began. Nothing was loaded; run again.");
        var parser = ParserFor(typed, wanted);
        var read = new SourceObject(path, digest, content.Length, DateTimeOffset.UnixEpoch);
        var sample = new Sample(read, null, content, Complete: true) { IsPlain = true, OpenStored = () => new MemoryStream(content) };
        var proposal = await parser.InferAsync(new[] { sample }.ToAsyncEnumerable(), default).ConfigureAwait(false);
        var places = new RowPlaces();
        var input = new SplitInput(read, null, new MemoryStream(content), new ParseTally()) { Places = places, OpenStored = sample.OpenStored };
        var (batches, lines) = (new List<RecordBatch>(), new List<long>());
        await foreach (var batch in parser.ParseAsync(input, proposal.Schema, new NoRejects(), default).ConfigureAwait(false))
        {
            batches.Add(batch);
            lines.AddRange(places.Take(batch.Length).Select(p => p.Line));
            if (lines.Count > MostRows) throw new DataException($"lookup: {path} has more than {MostRows:N0} rows. {Advice}");
        }

        return batches.Count > 0 ? (proposal.Schema, batches, lines) : throw new DataException($"lookup: {path} has no row.");
    }

    private byte[] Content()
    {
        try
        {
            var length = LinkedFile.Find(path)?.Length ?? 0;
            return length <= MostBytes ? File.ReadAllBytes(path) : throw new DataException($"lookup: {path} has {length / 1e6:N0} MB, and a lookup's file is kept in memory: {MostBytes >> 20} MiB at most. {Advice}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"lookup: there is no file {path}. The path is relative to the pipeline file; put the file there, on every machine that takes part."
                : $"lookup: {path} cannot be read: {e.Message}", e);
        }
    }

    private IParser ParserFor(IReadOnlyList<CsvColumnOptions> typed, IReadOnlyList<string> wanted) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PARQUET" => new ParquetParser(new ParquetOptions { Columns = wanted }),
        ".NDJSON" or ".JSONL" => new NdjsonParser(new NdjsonOptions { Schema = CsvSchemaMode.Infer, Columns = typed }),
        ".XLSX" or ".XLSM" => new ExcelParser(new ExcelOptions { Schema = CsvSchemaMode.Infer, Columns = typed }),
        _ => new CsvParser(new CsvOptions { Schema = CsvSchemaMode.Infer, Columns = typed }),
    };

    private sealed class NoRejects : IDeadLetters
    {
        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) =>
            throw new DataException($"lookup: {reject.Object}, line {reject.Line}{(reject.Column is null ? "" : $", {reject.Column}")}: {reject.Reason}. Every row of a lookup's file has to fit: correct it, or say under lookup: columns how the column is typed.");
    }
}
