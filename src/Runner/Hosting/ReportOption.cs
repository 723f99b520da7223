using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Runner.Report;

namespace Etl.Runner.Hosting;

/// <summary>The option that asks for the run's HTML report as a local file. With <c>--local</c> there is one without asking, unless the pipeline wants none.</summary>
internal sealed class ReportOption
{
    private readonly Option<FileInfo?> report = new("--report") { Description = "Also write the run's HTML report to this file. With --local it is written to .etl/reports/ without asking.", HelpName = "FILE" };

    /// <summary>Adds it to <paramref name="command"/>.</summary>
    public ReportOption AddTo(Command command)
    {
        command.Add(report);
        return this;
    }

    /// <summary>Writes the report of a run that was committed.</summary>
    public async Task WriteAsync(ParseResult parsed, OpenedPipeline opened, RunSummary summary, bool quiet, CancellationToken cancel)
    {
        var wanted = parsed.GetValue(report);
        if (summary.Run is null || (wanted is null && (quiet || !opened.Local || opened.Pipeline.Report is not { Enabled: true }))) return;
        var details = await RunDetailsReader.ReadAsync(opened.Pipeline, summary.Run, summary.Receipts, cancel);
        try
        {
            await ReportFile.WriteAsync(details, wanted, quiet ? Console.Error : Console.Out, cancel);
        }
        catch (DataException e) when (wanted is null)
        {
            // Nobody asked for the file, and the run is well: a container may have no place to write to.
            await Console.Error.WriteLineAsync($"note: {e.Message}");
        }
    }
}
