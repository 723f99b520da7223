using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>What a report is made of.</summary>
public sealed class RunDetailsTests
{
    private readonly PipelineBuilder pipeline = new() { Report = new ReportOptions(), Rejects = RejectLimit.Parse("90%", null) };

    [Fact]
    public async Task ACommittedRunHasItsTimesColumnsRejectsAndThoseBeforeIt()
    {
        pipeline.Source.Put("a.txt", "1\nbad\n");
        var first = await pipeline.RunAsync();
        pipeline.Source.Put("b.txt", "2\nbad\n3\n").Put("c.txt", "bad\n4\n");
        var second = await pipeline.RunAsync();

        var details = (await RunDetailsReader.ReadAsync(pipeline.Build(), null, default))!;

        Assert.Equal((second.Run!.RunId, second.Run.RunId), (details.Run.RunId, details.Report!.Run));
        Assert.Equal([first.Run!.RunId], details.Earlier.Select(r => r.Run));
        Assert.Equal((5, 3, 2), (details.Rows.Read, details.Rows.Staged, details.Rows.Rejected));
        Assert.All(details.Receipts, r => Assert.True(r.Started <= r.Ended));
        Assert.Equal([RunPhase.Plan, RunPhase.Stage, RunPhase.Commit], details.Report.Timeline!.Select(p => p.Phase));
        var column = Assert.Single(details.Columns);
        Assert.Equal(("line", 3, 3, "2", "4"), (column.Column, column.Rows, column.DistinctEstimate, column.Min, column.Max));
        var group = Assert.Single(details.Rejects.Groups);
        Assert.Equal(("type", "line", "said bad", 2, 2), (group.Kind, group.Column, group.Reason, group.Rows, details.Rejects.Counted));
        Assert.Equal(2, group.Places.Count);
        Assert.Equal(first.Run.RunId, (await RunDetailsReader.ReadAsync(pipeline.Build(), first.Run.RunId, default))!.Run.RunId);
    }

    [Fact]
    public async Task ARunThatIsOnlyStagedHasNoReportYet()
    {
        pipeline.Source.Put("a.txt", "1\n").Put("b.txt", "2\n");
        var plan = await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(2, 1);

        var details = (await RunDetailsReader.ReadAsync(pipeline.Build(), null, default))!;

        Assert.Equal((plan.Run!.RunId, null, 1), (details.Run.RunId, details.Report, details.Receipts.Count));
    }

    [Fact]
    public async Task APipelineThatNeverRanHasNoneAndAnUnknownRunIsAnError()
    {
        Assert.Null(await RunDetailsReader.ReadAsync(pipeline.Build(), null, default));
        await Assert.ThrowsAsync<DataException>(() => RunDetailsReader.ReadAsync(pipeline.Build(), "0123456789abcdef0123", default));
    }

    [Fact]
    public async Task ThePageIsWrittenBesideTheRunsRecords()
    {
        pipeline.ReportPage = details => [.. "page of "u8, .. System.Text.Encoding.UTF8.GetBytes(details.Report!.Run)];
        pipeline.Source.Put("a.txt", "1\n");
        var run = await pipeline.RunAsync();

        var page = await pipeline.State.ReadAsync($"lines/runs/{run.Run!.RunId}/report.html", default);
        Assert.Equal($"page of {run.Run.RunId}", System.Text.Encoding.UTF8.GetString(page!.Content.Span));
    }

    [Fact]
    public async Task ARunThatFailsLeavesAPageOfHowFarItCameAndWhy()
    {
        pipeline.ReportPage = details => System.Text.Encoding.UTF8.GetBytes($"{details.Receipts.Count} staged, {details.Rejects.Counted} rejected: {details.Failure}");
        pipeline.Rejects = RejectLimit.Parse("10%", null);
        pipeline.Source.Put("a.txt", "1\nbad\n2\n").Put("b.txt", "3\n");

        var failure = await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync());

        var open = (await RunDetailsReader.ReadOpenAsync(pipeline.Build(), default))!;
        var page = await pipeline.State.ReadAsync($"lines/runs/{open.Run.RunId}/report.html", default);
        Assert.Equal($"2 staged, 1 rejected: {failure.Message}", System.Text.Encoding.UTF8.GetString(page!.Content.Span));
        Assert.Null(open.Failure);
    }

    [Fact]
    public async Task APageThatCannotBeMadeHidesNoFailure()
    {
        pipeline.ReportPage = _ => throw new IOException("no room");
        pipeline.Rejects = RejectLimit.Parse("10%", null);
        pipeline.Source.Put("a.txt", "1\nbad\n2\n");

        Assert.Contains("rejects.max", (await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenThePageCannotBeMadeTheRunIsCommittedAllTheSame()
    {
        pipeline.ReportPage = _ => throw new IOException("no room");
        pipeline.Source.Put("a.txt", "1\n");

        var run = await pipeline.RunAsync();

        Assert.Contains("report", Assert.Single(run.Notes), StringComparison.Ordinal);
        Assert.Equal(["1"], pipeline.Load.Rows);
        Assert.Null((await pipeline.RunAsync()).Run);
    }

    [Fact]
    public async Task WithoutAReportNothingIsCountedOrKept()
    {
        pipeline.Report = null;
        pipeline.ReportPage = _ => throw new InvalidOperationException("nobody asked");
        pipeline.Source.Put("a.txt", "1\n");

        var run = await pipeline.RunAsync();

        Assert.Null(run.Receipts[0].Columns);
        Assert.DoesNotContain(pipeline.State.Names, n => n.EndsWith("findings.json", StringComparison.Ordinal) || n.EndsWith(".html", StringComparison.Ordinal));
    }
}
