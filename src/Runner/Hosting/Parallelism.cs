namespace Etl.Runner.Hosting;

/// <summary>How many splits are staged side by side when nobody says.</summary>
internal static class Parallelism
{
    /// <summary>One a processor, four at most.</summary>
    public static int Default => Math.Clamp(Environment.ProcessorCount, 1, 4);
}
