using System.CommandLine;
using System.Globalization;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Formats;
using Etl.Formats.Text;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl convert IN OUT</c>: one file, with no pipeline.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var input = new Argument<string>("in") { Description = "The file to read: CSV and its kin or NDJSON, plain, gzip, zstd or zip, Parquet, or an Excel workbook." };
        var output = new Argument<string>("out") { Description = "The file to write; .parquet, .csv or .ndjson, the last two also with .gz." };
        var strings = new Option<bool>("--all-strings") { Description = "Every column is text; nothing is inferred." };
        var compression = new Option<StagingCompression>("--compression") { Description = "The compression of Parquet: zstd, snappy or none.", DefaultValueFactory = _ => StagingCompression.Auto };
        var header = new Option<OutputHeader>("--output-header") { Description = "Whether a CSV file that is written has a header: auto (as the file that is read), yes or no.", DefaultValueFactory = _ => OutputHeader.Auto };
        var formulas = new Option<bool>("--escape-formulas") { Description = "In a CSV file that is written, put an apostrophe before text that starts with = + - @ tab or CR, which spreadsheet programs take for a formula." };
        var command = new Command("convert", "Converts one file.") { input, output, strings, compression, header, formulas };
        var dialect = new DialectOptions().AddTo(command);
        var json = new JsonOption("Print what was done as JSON.").AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var (source, read) = await InputObjects.FileAsync(parsed.GetRequiredValue(input), cancel);
            var target = Path.GetFullPath(parsed.GetRequiredValue(output));
            var encoding = EncodingOf(target, parsed.GetValue(compression));
            var options = dialect.Read(parsed) with { Schema = parsed.GetValue(strings) ? CsvSchemaMode.Strings : CsvSchemaMode.Infer };
            var parser = (await InputParsers.ForAsync(source, read, options, dialect.ReadSheet(parsed), cancel)).Parser;
            var converter = new Converter(source, parser, TimeProvider.System);
            SchemaProposal proposal;
            try
            {
                proposal = await converter.InferAsync(read, cancel);
            }
            catch (NothingToInferException) when (encoding.Format != StagingFormat.Parquet)
            {
                var nothing = await WriteAsync(target, async file => await EmptyAsync(encoding, file, cancel));
                return await DoneAsync(new ConversionView(read.Uri, target, new TableSchema([]), nothing, 0, "", [$"{read.Uri} is empty, and so is what was written."]));
            }

            var csv = encoding.Format == StagingFormat.Csv ? new CsvEncoder(encoding.Compression == StagingCompression.Gzip, NamesOf(proposal, parsed.GetValue(header)), parsed.GetValue(formulas)) : null;
            IEncoder Encoder(bool anyBatch) => csv ?? EncoderFactory.Create(encoding, anyBatch);

            await using var rejects = new RejectsFile(target + ".rejects.ndjson");

            void BeginAgain(FileStream file)
            {
                file.SetLength(0);
                rejects.Reset();
            }

            async Task<ParseTally> ConvertAsync(FileStream file)
            {
                if (await converter.ConvertAsync(read, proposal.Schema, Encoder(anyBatch: false), file, rejects, cancel) is { } counted) return counted;
                // A value far into the file needed more digits than those before: once more, with room for any.
                BeginAgain(file);
                return (await converter.ConvertAsync(read, proposal.Schema, Encoder(anyBatch: true), file, rejects, cancel))!;
            }

            var tally = await WriteAsync(target, async file =>
            {
                try
                {
                    return await ConvertAsync(file);
                }
                catch (SchemaBrokenException broken)
                {
                    proposal = await converter.WidenAsync(read, proposal.Schema, broken, cancel);
                    BeginAgain(file);
                    return await ConvertAsync(file);
                }
            });
            List<string> notes = [.. proposal.Notes];
            if (csv is { Formulas: > 0 })
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"{csv.Formulas:N0} texts start with = + - @ tab or CR, which spreadsheet programs take for formulas and may run. {(parsed.GetValue(formulas) ? "An apostrophe stands before each." : "They are written as they are; --escape-formulas puts an apostrophe before each.")}"));
            return await DoneAsync(new ConversionView(read.Uri, target, proposal.Schema, tally, rejects.Count, rejects.Path, notes));

            async Task<int> DoneAsync(ConversionView done)
            {
                if (json.Read(parsed)) JsonLine.Print(done.Json());
                else await done.ShowAsync();
                return ExitCodes.Success;
            }
        });
        return command;
    }

    // CSV keeps the names as they are in the file; those of other formats are legal wherever they are loaded.
    private static IReadOnlyList<string>? NamesOf(SchemaProposal proposal, OutputHeader header)
    {
        var names = proposal.Dialects[0].Header;
        // What is no CSV has no header, and names for all that.
        if (proposal.Dialects[0].Delimiter.Length == 0 && header != OutputHeader.No)
            return null;
        if (header == OutputHeader.No || (header == OutputHeader.Auto && names is null))
            return [];
        return names?.Count == proposal.Schema.Columns.Count ? names : null;
    }

    private static async Task<ParseTally> EmptyAsync(StagingEncoding encoding, Stream file, CancellationToken cancel)
    {
        if (encoding.Compression == StagingCompression.Gzip)
        {
            await using var gzip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionMode.Compress, leaveOpen: true);
            await gzip.FlushAsync(cancel);
        }

        return new ParseTally();
    }

    // Written beside the target and renamed, so that a failure leaves no half file.
    private static async Task<ParseTally> WriteAsync(string target, Func<FileStream, Task<ParseTally>> write)
    {
        var partial = $"{target}.partial-{Environment.ProcessId}";
        try
        {
            ParseTally tally;
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
                tally = await write(file);
            File.Move(partial, target, overwrite: true);
            return tally;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ServiceException($"{target} cannot be written: {e.Message} Free some space or choose another place; nothing was left behind.", transient: false, e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static StagingEncoding EncodingOf(string path, StagingCompression compression)
    {
        var name = Path.GetFileName(path).ToUpperInvariant();
        var gzip = name.EndsWith(".GZ", StringComparison.Ordinal);
        return Path.GetExtension(gzip ? name[..^3] : name) switch
        {
            ".PARQUET" when !gzip => new StagingEncoding(StagingFormat.Parquet, compression),
            ".CSV" => new StagingEncoding(StagingFormat.Csv, gzip ? StagingCompression.Gzip : StagingCompression.None),
            ".NDJSON" or ".JSONL" => new StagingEncoding(StagingFormat.Ndjson, gzip ? StagingCompression.Gzip : StagingCompression.None),
            _ => throw new DataException($"The format to write is told by the name, and {Path.GetFileName(path)} ends in none of .parquet, .csv, .ndjson, .csv.gz and .ndjson.gz."),
        };
    }
}
