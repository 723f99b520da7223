using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Runner.Report;

namespace Etl.Runner.Hosting;

/// <summary>The option that asks for the run's HTML report as a local file. With <c>--local</c> there is one without asking, unless the pipeline wants none.</summary>
internal sealed class ReportOption
{
    private static readonly TimeSpan PatienceAfterFailure = TimeSpan.FromSeconds(10);
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
        if (summary.Run is not null && IsWanted(parsed, opened, quiet))
            await WriteAsync(await RunDetailsReader.ReadAsync(opened.Pipeline, summary.Run, summary.Receipts, cancel), parsed.GetValue(report), quiet, cancel);
    }

    /// <summary>Does <paramref name="work"/>, and when it fails while a run is open, writes the report of that: how far it came, and why it failed.</summary>
    public async Task<T> OrOfFailureAsync<T>(ParseResult parsed, OpenedPipeline opened, bool quiet, Func<Task<T>> work, CancellationToken cancel)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is DataException or ServiceException && IsWanted(parsed, opened, quiet) && !cancel.IsCancellationRequested)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(PatienceAfterFailure);
            try
            {
                if (await RunDetailsReader.ReadOpenAsync(opened.Pipeline, patience.Token) is { } details)
                    await WriteAsync(details with { Failure = e.Message }, parsed.GetValue(report), quiet: true, patience.Token);
            }
            catch (Exception again) when (again is EtlException or OperationCanceledException or IOException)
            {
                // What made the run fail may be why there is no report; the failure itself is what is said.
            }

            throw;
        }
    }

    private bool IsWanted(ParseResult parsed, OpenedPipeline opened, bool quiet) =>
        parsed.GetValue(report) is not null || (!quiet && opened.Local && opened.Pipeline.Report is { Enabled: true });

    private static async Task WriteAsync(RunDetails details, FileInfo? wanted, bool quiet, CancellationToken cancel)
    {
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
