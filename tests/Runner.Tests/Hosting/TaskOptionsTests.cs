using Etl.Core.Runs;
using Etl.Runner.Hosting;
using Xunit;

namespace Etl.Runner.Tests.Hosting;

/// <summary>Which task a process is, by the command line and by each engine's own words.</summary>
public sealed class TaskOptionsTests
{
    [Theory]
    [InlineData(10, "JOB_COMPLETION_INDEX=3", 3, 10)]
    [InlineData(null, "AWS_BATCH_JOB_ARRAY_INDEX=3,AWS_BATCH_JOB_ARRAY_SIZE=10", 3, 10)]
    [InlineData(null, "CLOUD_RUN_TASK_INDEX=0,CLOUD_RUN_TASK_COUNT=1", 0, 1)]
    [InlineData(null, "SLURM_ARRAY_TASK_ID=3,SLURM_ARRAY_TASK_COUNT=10,SLURM_ARRAY_TASK_MIN=0", 3, 10)]
    [InlineData(null, "SLURM_ARRAY_TASK_ID=10,SLURM_ARRAY_TASK_COUNT=10,SLURM_ARRAY_TASK_MIN=1", 9, 10)]
    [InlineData(10, "SLURM_ARRAY_TASK_ID=7,SLURM_ARRAY_TASK_COUNT=2,SLURM_ARRAY_TASK_MIN=3", 7, 10)] // sbatch --array=3,7: two of ten again
    public void EnginesSayWhichTaskItIs(int? of, string variables, int task, int count) =>
        Assert.Equal(new TaskShare(task, count), TaskOptions.Read(null, of, Environment(variables)));

    [Fact]
    public void TheCommandLineGoesFirst() =>
        Assert.Equal(new TaskShare(1, 2), TaskOptions.Read(1, 2, Environment("CLOUD_RUN_TASK_INDEX=7,CLOUD_RUN_TASK_COUNT=8,JOB_COMPLETION_INDEX=x")));

    [Theory]
    [InlineData(null, null, "", "Which task is this?")]
    [InlineData(1, null, "", "How many tasks are there?")]
    [InlineData(null, null, "JOB_COMPLETION_INDEX=3", "Kubernetes does not")]
    [InlineData(2, 2, "", "There is no task 2 of 2")]
    [InlineData(-1, 2, "", "There is no task -1 of 2")]
    [InlineData(null, 2, "JOB_COMPLETION_INDEX=2", "from Kubernetes")]
    [InlineData(null, null, "SLURM_ARRAY_TASK_ID=9,SLURM_ARRAY_TASK_COUNT=3,SLURM_ARRAY_TASK_MIN=1", "There is no task 8 of 3")] // --array=1,5,9 leaves gaps
    [InlineData(null, 2, "JOB_COMPLETION_INDEX=one", "which is no number")]
    [InlineData(null, 2, "JOB_COMPLETION_INDEX=1,SLURM_ARRAY_TASK_ID=1", "Both JOB_COMPLETION_INDEX and SLURM_ARRAY_TASK_ID are set")]
    public void WhatIsNotSaidIsNotGuessed(int? task, int? of, string variables, string message) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => TaskOptions.Read(task, of, Environment(variables))).Message, StringComparison.Ordinal);

    private static Func<string, string?> Environment(string variables)
    {
        var values = variables.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        return name => values.GetValueOrDefault(name);
    }
}
