namespace Etl.Runner.Hosting;

/// <summary>What the command's exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>The data is wrong or a service failed; nothing is half-loaded.</summary>
    public const int Failed = 1;

    /// <summary>The pipeline file or the command line is wrong; nothing was touched.</summary>
    public const int Usage = 2;

    /// <summary>Splits of the open run are not staged: run the stage tasks again, then commit.</summary>
    public const int NotStaged = 3;

    /// <summary>A type that the plan guessed was broken: plan again, then stage again.</summary>
    public const int PlanAgain = 4;

    /// <summary>A bug of ours.</summary>
    public const int Bug = 70;

    /// <summary>Another process is at work on the pipeline; trying again later helps (sysexits' EX_TEMPFAIL).</summary>
    public const int Busy = 75;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT); running again goes on where it stopped.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM (128 + SIGTERM), as an orchestrator does; running again goes on where it stopped.</summary>
    public const int Terminated = 143;
}
