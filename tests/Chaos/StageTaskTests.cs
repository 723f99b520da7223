using System.Globalization;
using Xunit;

namespace Etl.Chaos.Tests;

/// <summary>A run that several tasks share: some have twins, some are killed (SIGKILL) at a random instant, as are plans and commits; then all are run again.</summary>
public sealed class StageTaskTests(ITestOutputHelper output)
{
    private const int Milliseconds = 3_000;

    [Theory]
    [MemberData(nameof(Seeds.All), MemberType = typeof(Seeds))]
    public async Task TasksThatAreKilledDoubledAndLateGiveTheTableOfOneCleanRun(int seed)
    {
        var random = new Random(seed);
        await using var trial = await Trial.StartAsync(random, TrialMode.Of(seed + 2));
        var tasks = random.Next(2, 5).ToString(CultureInfo.InvariantCulture);
        var kills = 0;
        if (random.Next(3) == 0 && await KillAsync(trial, random, "plan", "p.yaml", "--open")) kills++;
        await SucceedAsync(trial, "plan", "p.yaml", "--open");

        // At once: every task, a twin of one of them, some of them killed, and a commit that is too early for most of it.
        var first = Enumerable.Range(0, int.Parse(tasks, CultureInfo.InvariantCulture)).Append(random.Next(0, 2))
            .Select(task => random.Next(2) == 0 ? KillAsync(trial, new Random(random.Next()), Stage(task, tasks)) : DoneAsync(trial, Stage(task, tasks))).ToList();
        var early = await trial.StepAsync("commit", "p.yaml", "--of", tasks);
        Assert.True(early.ExitCode is 0 or 3, early.ToString());
        kills += (await Task.WhenAll(first)).Count(killed => killed);

        // Again, and the commit twice, the first of them killed perhaps.
        foreach (var task in Enumerable.Range(0, int.Parse(tasks, CultureInfo.InvariantCulture))) await SucceedAsync(trial, Stage(task, tasks));
        if (random.Next(2) == 0 && await KillAsync(trial, random, "commit", "p.yaml")) kills++;
        await SucceedAsync(trial, "commit", "p.yaml");
        await trial.CheckTableAsync();
        Assert.Contains("nothing to commit", (await SucceedAsync(trial, "commit", "p.yaml")).Output, StringComparison.Ordinal);

        var runs = await trial.FinishAsync();
        Report.Add("tasks", seed, kills, runs, []);
        output.WriteLine($"seed {seed}: {tasks} tasks, {kills} kills, {runs} runs to finish");
    }

    private static string[] Stage(int task, string tasks) => ["stage", "p.yaml", "--task", task.ToString(CultureInfo.InvariantCulture), "--of", tasks];

    private static Task<bool> KillAsync(Trial trial, Random random, params string[] command)
    {
        var wait = random.Next(50, Milliseconds);
        return trial.KillAsync(_ => Task.Delay(wait), command);
    }

    private static async Task<bool> DoneAsync(Trial trial, params string[] command)
    {
        await SucceedAsync(trial, command);
        return false;
    }

    private static async Task<Finished> SucceedAsync(Trial trial, params string[] command)
    {
        var end = await trial.StepAsync(command);
        Assert.True(end.ExitCode == 0, end.ToString());
        return end;
    }
}
