using Xunit;

namespace Etl.Chaos.Tests;

/// <summary>Random fault plans: whatever the clouds do, runs end in the right table or in an error in words, and running again ends in the right table.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int MostRuns = 4;

    [Theory]
    [MemberData(nameof(Seeds.All), MemberType = typeof(Seeds))]
    public async Task WhateverTheCloudsDoTheTableIsTheOracles(int seed)
    {
        var random = new Random(seed);
        await using var trial = await Trial.StartAsync(random, TrialMode.Of(seed + 4));
        var plan = RandomPlan.Make(seed, random);
        trial.Cloud.Faults.Use(plan);
        var late = random.Next(3) == 0;
        for (var run = 1; run <= MostRuns && (await trial.RunAsync()).ExitCode != 0; run++)
            if (late && run == 1)
                trial.Orders.WriteLate();

        var faults = trial.Cloud.Faults.Done;
        var runs = await trial.FinishAsync();
        Report.Add("faults", seed, faults.Count, runs, faults.Select(f => f.Fault));
        output.WriteLine($"seed {seed} ({trial.Mode.Table}): {string.Join(", ", faults.Select(f => $"{f.Fault} {f.Service} {f.Method} {f.Target}"))}\n{plan.ToJson()}");
    }
}
