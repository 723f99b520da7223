using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Etl.Core.Runs;

namespace Etl.Runner.Hosting;

/// <summary>Which stage task a process is: from the command line, or from the variables that engines of job arrays set.</summary>
internal sealed class TaskOptions
{
    private readonly Option<int?> task = new("--task") { Description = "Which task this is, from 0. Default: what Kubernetes Indexed Jobs, AWS Batch, Cloud Run jobs and Slurm arrays say in the environment.", HelpName = "N" };
    private readonly Option<int?> of = new("--of") { Description = "How many tasks there are. Default: what AWS Batch, Cloud Run jobs and Slurm arrays say; Kubernetes does not.", HelpName = "M" };

    /// <summary>Adds them to <paramref name="command"/>.</summary>
    public TaskOptions AddTo(Command command)
    {
        of.Validators.Add(ValidateCount);
        command.Add(task);
        command.Add(of);
        return this;
    }

    /// <summary>Refuses what is no count of tasks.</summary>
    public static void ValidateCount(OptionResult result)
    {
        if (result.GetValueOrDefault<int?>() is < 1 or > TaskShare.Most) result.AddError($"{result.Option.Name} must be from 1 to {TaskShare.Most}.");
    }

    /// <summary>The task.</summary>
    /// <exception cref="UsageException">It is not said, or cannot be.</exception>
    public TaskShare Read(ParseResult parsed, Func<string, string?> environment) => Read(parsed.GetValue(task), parsed.GetValue(of), environment);

    internal static TaskShare Read(int? task, int? of, Func<string, string?> environment)
    {
        var found = task is null ? TaskVariables.Find(environment) : null;
        if ((task ?? found?.Task(of)) is not { } index)
            throw new UsageException("Which task is this? Say --task N --of M, or run under an engine that says so: Kubernetes Indexed Jobs (JOB_COMPLETION_INDEX), AWS Batch arrays (AWS_BATCH_JOB_ARRAY_INDEX), Cloud Run jobs (CLOUD_RUN_TASK_INDEX), Slurm arrays (SLURM_ARRAY_TASK_ID).");
        if ((of ?? found?.Count) is not { } count)
            throw new UsageException($"How many tasks are there? Say --of M{(found is null ? "" : $"; {found.Engine} does not")}.");
        return index >= 0 && index < count ? new TaskShare(index, count)
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"There is no task {index} of {count}: tasks count from 0 to {count - 1}.{(found is null ? "" : $" The number is from {found.Engine}.")}"));
    }
}
