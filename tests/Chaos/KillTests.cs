using System.Diagnostics;
using Xunit;

namespace Etl.Chaos.Tests;

/// <summary>Processes that are killed (SIGKILL) at a random instant, and run again.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    // A run of a trial's input makes about as many requests, and takes about as long on a quiet machine.
    private const int Requests = 70;
    private const int Milliseconds = 2_500;

    [Theory]
    [MemberData(nameof(Seeds.All), MemberType = typeof(Seeds))]
    public async Task KilledAtAnyInstantTheNextRunsGiveTheTableOfOneCleanRun(int seed)
    {
        var random = new Random(seed);
        await using var trial = await Trial.StartAsync(random, TrialMode.Of(seed));
        var kills = 0;
        var wanted = random.Next(1, 4);
        for (var attempt = 0; attempt < wanted; attempt++)
        {
            var instant = random.Next(4) == 0 ? AfterTime(random) : AfterRequests(trial, random);
            if (await trial.KillAsync(instant)) kills++;
            if (random.Next(3) == 0) trial.Orders.WriteLate();
        }

        var runs = await trial.FinishAsync();
        Report.Add("kill", seed, kills, runs, []);
        output.WriteLine($"seed {seed} ({trial.Mode.Table}): {kills} kills, {runs} runs to finish");
    }

    private static Func<Process, Task> AfterTime(Random random)
    {
        var wait = random.Next(50, Milliseconds);
        return _ => Task.Delay(wait);
    }

    private static Func<Process, Task> AfterRequests(Trial trial, Random random)
    {
        var (wanted, then) = (trial.Cloud.Requests.Count + random.Next(1, Requests), random.Next(0, 15));
        return async process =>
        {
            while (!process.HasExited && trial.Cloud.Requests.Count < wanted) await Task.Delay(1);
            await Task.Delay(then);
        };
    }
}
