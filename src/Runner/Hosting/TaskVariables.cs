using System.Globalization;

namespace Etl.Runner.Hosting;

/// <summary>What an engine of job arrays says in the environment.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Index">Its number of this task.</param>
/// <param name="Count">How many it says there are, or null when it does not.</param>
/// <param name="First">The number of its first task.</param>
internal sealed record TaskVariables(string Engine, int Index, int? Count, int First)
{
    // https://kubernetes.io/docs/tasks/job/indexed-parallel-processing-static/
    // https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html
    // https://cloud.google.com/run/docs/container-contract#jobs-env-vars
    // https://slurm.schedmd.com/job_array.html#env_vars
    private static readonly (string Engine, string Index, string? Count, string? First)[] Known =
    [
        ("Kubernetes", "JOB_COMPLETION_INDEX", null, null),
        ("AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", null),
        ("Cloud Run", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT", null),
        ("Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"),
    ];

    /// <summary>The variables of the engine this process runs under; null when there is none.</summary>
    /// <exception cref="UsageException">Several engines speak, or one says no number.</exception>
    public static TaskVariables? Find(Func<string, string?> environment)
    {
        var found = Known.Where(k => environment(k.Index) is { Length: > 0 }).ToList();
        if (found.Count > 1) throw new UsageException($"Both {found[0].Index} and {found[1].Index} are set. Say which task this is with --task N --of M.");
        if (found.Count == 0) return null;
        var (engine, index, count, first) = found[0];
        return new TaskVariables(engine, Number(index, environment)!.Value, Number(count, environment), Number(first, environment) ?? 0);
    }

    /// <summary>The task's number from 0. With a count of one's own (<c>sbatch --array=3,7 … --of 10</c>, to run two tasks again) the engine's numbers are taken as they are; without one they count from the engine's first.</summary>
    public int Task(int? of) => of is null ? Index - First : Index;

    private static int? Number(string? name, Func<string, string?> environment) =>
        name is null || environment(name) is not { Length: > 0 } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UsageException($"{name} is {text}, which is no number.");
}
