using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Core.State;
using Etl.TestSupport;
using Xunit;

namespace Etl.Core.Tests.Engine;

/// <summary>A type that samples misled about: everything is looked at, and staged anew as another run.</summary>
public sealed class WideningTests
{
    private const int LastLine = 40;
    private readonly PipelineBuilder pipeline = new() { Rejects = RejectLimit.None };
    private readonly string[] rows = [.. Enumerable.Range(1, LastLine).Select(i => i == 33 ? LineParser.Text : $"{i}")];

    public WideningTests() => pipeline.Source.Put("a.txt", "1\n2\n").Put("b.txt", string.Concat(rows.Select(r => r + "\n")));

    [Theory]
    [InlineData(long.MaxValue / 4)]
    [InlineData(16)]
    public async Task WhenALaterRowBreaksAGuessedTypeTheColumnWidensAndEveryRowIsLoadedOnce(long splitBytes)
    {
        pipeline.SplitBytes = splitBytes;
        var parser = Guessing();

        var summary = await pipeline.RunAsync();

        AssertLoadedOnce(summary);
        Assert.Equal(2, parser.Inferences);
        Assert.Contains("line is STRING and not INT64, as the samples showed: memory://b.txt, line 33: expected INT64, found text.", summary.Notes);
        Assert.Equal(summary.Rows.Read, pipeline.Progress.RowsRead);
        Assert.Equal([RunPhase.Plan, RunPhase.Stage, RunPhase.Plan, RunPhase.Stage, RunPhase.Commit], summary.Phases.Select(p => p.Phase));
    }

    [Theory]
    [InlineData("manifest.json", 2)] // before the second manifest
    [InlineData("successor.json", 1)] // between the second manifest and the mark on the first
    [InlineData("receipts/split-000001", 1)] // while staging anew: the first run never has a receipt of that split
    [InlineData("state.json", 3)] // when all is staged: taken, opened, and now loading
    public async Task ARunThatDiedWhileItWidenedEndsAsIfItHadNot(string document, int write)
    {
        Guessing();
        var writes = 0;
        pipeline.State.OnWrite = name =>
        {
            if (name.Contains(document, StringComparison.Ordinal) && ++writes == write) throw new InvalidOperationException("died");
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync());
        pipeline.State.OnWrite = null;
        // Tidying up takes nothing that is needed: only a manifest that nothing names.
        Assert.Equal(document == "successor.json" ? 1 : 0, (await new GarbageCollector(pipeline.Build(), new LeaseTerms()).CollectAsync(TimeSpan.Zero, _ => true, default)).Count);
        var parser = Guessing();

        var summary = await pipeline.RunAsync();

        AssertLoadedOnce(summary);
        // What was planned is not planned again.
        Assert.Equal(document is "manifest.json" or "successor.json" ? 1 : 0, parser.Inferences);
        Assert.Contains(summary.Notes, n => n.Contains("line 33", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATypeThatIsNoGuessIsNotWidened()
    {
        pipeline.Parser = new LineParser();

        var summary = await pipeline.RunAsync();

        AssertLoadedOnce(summary);
        Assert.Equal([RunPhase.Plan, RunPhase.Stage, RunPhase.Commit], summary.Phases.Select(p => p.Phase));
    }

    private LineParser Guessing()
    {
        var parser = new LineParser { Guesses = true };
        pipeline.Parser = parser;
        return parser;
    }

    private void AssertLoadedOnce(RunSummary summary)
    {
        Assert.Equal(rows.Concat(["1", "2"]).Order(), pipeline.Load.Rows.Order());
        Assert.Equal([summary.Run!.RunId], pipeline.Load.Commits);
        Assert.Equal(ColumnType.String, summary.Run.Schema.Columns[0].Type);
        Assert.All(summary.Receipts.SelectMany(r => r.Files), f => Assert.Contains(summary.Run.RunId, f.Uri, StringComparison.Ordinal));
    }
}
