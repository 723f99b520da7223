using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Csv;
using Etl.Excel;
using Etl.Runner.Personal;

namespace Etl.Runner.Commands;

/// <summary>What was found out about one file.</summary>
/// <param name="Parser">The name of the parser that reads it.</param>
/// <param name="Proposal">How it is written, and which schema fits it.</param>
/// <param name="Personal">The columns that seem to hold data of persons.</param>
/// <param name="Given">What the command line says of how it is written, as settings of the parser with their values in YAML.</param>
internal sealed record SampledFile(string Parser, SchemaProposal Proposal, IReadOnlyList<PersonalColumn> Personal, IReadOnlyList<(string Key, string Value)> Given)
{
    /// <summary>Whether its columns' types can be declared; those of Parquet are in the files.</summary>
    public bool DeclaresTypes => Parser != "parquet";

    /// <summary>Looks at a file, or all of it.</summary>
    public static async Task<SampledFile> ReadAsync(string uri, CsvOptions options, ExcelOptions sheet, bool whole, ConnectorContext context, CancellationToken cancel)
    {
        var (source, read) = await InputObjects.FindAsync(uri, context, cancel);
        var (name, parser) = await InputParsers.ForAsync(source, read, options, sheet, cancel);
        var sampler = new Sampler(source, parser, TimeProvider.System);
        Sample? start = null;
        var proposal = await parser.InferAsync((whole ? sampler.WholeAsync([read], cancel) : sampler.SampleAsync([read], cancel)).Select(KeepFirst), cancel);
        return new SampledFile(name, proposal, await PersonalColumns.FindAsync(parser, start!, proposal.Schema, cancel), GivenSettings.Of(name, options, sheet));

        Sample KeepFirst(Sample sample)
        {
            start ??= sample;
            return sample;
        }
    }
}
