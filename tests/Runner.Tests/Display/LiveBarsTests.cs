using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Runs;
using Etl.Runner.Display;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Xunit;

namespace Etl.Runner.Tests.Display;

/// <summary>The bars on a terminal that is not there, while a run that is not there goes on.</summary>
public sealed class LiveBarsTests
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 28, 9, 0, 0, TimeSpan.Zero));
    private readonly SignIns signIns = new();
    private readonly RunProgress progress;

    public LiveBarsTests() => progress = new RunProgress(time);

    [Fact]
    public async Task EachSplitUnderWayHasABarAndTheLineBelowSaysHowFastWithWhichToken()
    {
        progress.Enter(RunPhase.Stage);
        progress.Expect(3, 3_000_000);
        signIns.Note("Google Cloud", time.GetUtcNow().AddMinutes(55));
        var first = new AttemptProgress(progress, Split(0, "s3://acme/orders/a%20b.csv", ByteRange.All));
        var second = new AttemptProgress(progress, Split(1, "s3://acme/orders/big.csv", new ByteRange(1_000_000, 1_000_000)));

        var shown = await ShowAsync(
            () => { first.Read(100_000, 1_000); second.Read(500_000, 5_000); },
            () => time.Advance(TimeSpan.FromSeconds(2)),
            () => first.Read(400_000, 4_000));

        Assert.Contains("a b.csv", shown, StringComparison.Ordinal);
        Assert.Contains("big.csv from 1.0 MB", shown, StringComparison.Ordinal);
        Assert.Contains("0/3 splits, 10,000 rows", shown, StringComparison.Ordinal);
        Assert.Contains("1.0 MB of 3.0 MB read", shown, StringComparison.Ordinal);
        Assert.Contains("rows/s, about ", shown, StringComparison.Ordinal);
        Assert.Contains("signed in to Google Cloud until 09:55 UTC", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStepThatWaitsToBeDoneAgainSaysWhy()
    {
        progress.Enter(RunPhase.Plan);

        var shown = await ShowAsync(() => progress.Waits(new RetryWait("S3 refused the connection.", 3, time.GetUtcNow().AddSeconds(4))));

        Assert.Contains("trying again in 4 s (attempt 3): S3 refused the connection.", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void ASplitThatIsOverOrTriedAgainIsNotCountedTwice()
    {
        var attempt = new AttemptProgress(progress, Split(0, "s3://acme/a.csv", ByteRange.All));
        attempt.Read(10, 1);
        Assert.Equal([10L], progress.UnderWay.Select(s => s.BytesRead));
        attempt.End();
        attempt.TakeBack();
        Assert.Empty(progress.UnderWay);
        Assert.Equal(0, progress.BytesRead);
    }

    private static Split Split(int index, string uri, ByteRange range) => new(index, new SourceObject(uri, "1", 1_000_000, DateTimeOffset.UnixEpoch), range);

    /// <summary>What the terminal got, each step of the run followed by some drawing.</summary>
    private async Task<string> ShowAsync(params Action[] steps)
    {
        await using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 140;
        var text = new ProgressText(progress, signIns, time);
        await LiveBars.ShowAsync(
            console,
            progress,
            text,
            async cancel =>
            {
                foreach (var step in steps)
                {
                    step();
                    // The display draws by its own clock, some ten times a second.
                    for (var i = 0; i < 3; i++)
                    {
                        await Task.Delay(150, cancel);
                        text.Look();
                    }
                }

                return 0;
            },
            TimeSpan.FromMilliseconds(20),
            TestContext.Current.CancellationToken);
        return writer.ToString();
    }
}
