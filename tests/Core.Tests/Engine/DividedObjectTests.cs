using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>What stage tasks cannot decide by themselves: where a part's first record starts, and whether a guessed type holds.</summary>
public sealed class DividedObjectTests
{
    private const int Tasks = 16;
    private static readonly string[] Misleading = ["one", "two", "!three", "four", "!five", "six", "!seven"];
    private readonly PipelineBuilder pipeline = new() { SplitBytes = 6 };

    [Fact]
    public async Task APartThatStartedInTheWrongPlaceIsStagedAgainByTheCommit()
    {
        await StageMisleadingAsync();

        var summary = await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(Misleading.Order(), pipeline.Load.Rows.Order());
        Assert.Equal(Misleading.Length, summary.Rows.Read);
        Assert.Contains(summary.Receipts.SelectMany(r => r.Files), f => f.Uri.Contains("-from-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATwinThatStillGuessesDoesNotReplaceWhatTheCommitCorrected()
    {
        await StageMisleadingAsync();
        pipeline.Load.BeforeLoad = () =>
        {
            // Twins that began before there was any receipt, and end now.
            foreach (var receipt in pipeline.State.Names.Where(n => n.Contains("receipts/", StringComparison.Ordinal)).ToList())
                pipeline.State.Remove(receipt);
            pipeline.StageAsync(Tasks, Enumerable.Range(0, Tasks)).GetAwaiter().GetResult();
        };

        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(Misleading.Order(), pipeline.Load.Rows.Order());
    }

    [Fact]
    public async Task ACommitThatDiedWhileItCorrectedIsDoneAgain()
    {
        await StageMisleadingAsync();
        var writes = 0;
        pipeline.State.OnWrite = name =>
        {
            if (name.Contains("receipts/", StringComparison.Ordinal) && ++writes == 2) throw new InvalidOperationException("died");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.Engine().CommitAsync(null, default));
        pipeline.State.OnWrite = null;

        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(Misleading.Order(), pipeline.Load.Rows.Order());
    }

    [Theory]
    [InlineData(long.MaxValue / 4, false)] // a task is sure of it
    [InlineData(16, false)] // only the commit can be sure
    [InlineData(long.MaxValue / 4, true)]
    [InlineData(16, true)]
    public async Task ATypeThatOneTaskBreaksIsWidenedByTheNextPlanAndEveryRowIsLoadedOnce(long splitBytes, bool byRun)
    {
        string[] rows = [.. Enumerable.Range(1, 40).Select(i => i == 33 ? LineParser.Text : $"{i}")];
        pipeline.Source.Put("a.txt", "1\n2\n").Put("b.txt", string.Concat(rows.Select(r => r + "\n")));
        pipeline.SplitBytes = splitBytes;
        pipeline.Parser = new LineParser { Guesses = true };
        var first = (await pipeline.Engine().OpenAsync(default)).Run!.RunId;
        try
        {
            await pipeline.StageAsync(Tasks, Enumerable.Range(0, Tasks));
        }
        catch (PlanAgainException)
        {
        }

        var broken = await Assert.ThrowsAsync<PlanAgainException>(() => pipeline.Engine().CommitAsync(null, default));
        await Assert.ThrowsAsync<PlanAgainException>(() => pipeline.Engine().StageAsync(new TaskShare(0, Tasks), first, default));
        var notes = byRun ? (await pipeline.RunAsync()).Notes : await PlanStageCommitAsync(first);

        Assert.Contains("b.txt, line 33, line: expected INT64", broken.Message, StringComparison.Ordinal);
        Assert.Contains("line is STRING and not INT64, as the samples showed: memory://b.txt, line 33: expected INT64, found text.", notes);
        Assert.Equal(rows.Concat(["1", "2"]).Order(), pipeline.Load.Rows.Order());
        Assert.Single(pipeline.Load.Commits);
        Assert.Null((await pipeline.Engine().CommitAsync(first, default)).Run);
        Assert.Null((await pipeline.RunAsync()).Run);
    }

    private async Task<IReadOnlyList<string>> PlanStageCommitAsync(string first)
    {
        var plan = await pipeline.Engine().OpenAsync(default);
        Assert.NotEqual(first, plan.Run!.RunId);
        Assert.Equal(ColumnType.String, plan.Run.Schema.Columns[0].Type);
        Assert.Equal(plan.Run.RunId, (await pipeline.Engine().OpenAsync(default)).Run!.RunId);
        await pipeline.StageAsync(Tasks, Enumerable.Range(0, Tasks));
        await pipeline.Engine().CommitAsync(plan.Run.RunId, default);
        return plan.Notes;
    }

    private async Task StageMisleadingAsync()
    {
        pipeline.Source.Put("a.txt", string.Concat(Misleading.Select(r => r + "\n")));
        await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(Tasks, Enumerable.Range(0, Tasks));
    }
}
