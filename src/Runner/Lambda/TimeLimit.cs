namespace Etl.Runner.Lambda;

/// <summary>How the time of an invocation is used: most of it for work, the last of it to finish what is under way, to save and to answer. At its end the process is killed.</summary>
/// <param name="Work">After that, what is under way is dropped.</param>
/// <param name="Grace">How long before that nothing new is begun.</param>
internal readonly record struct TimeLimit(TimeSpan Work, TimeSpan Grace)
{
    private static readonly TimeSpan LeastReserve = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan MostReserve = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostGrace = TimeSpan.FromSeconds(30);

    /// <summary>A tenth is kept to save (a write or two) and answer, and a tenth of the rest to finish splits.</summary>
    public static TimeLimit Of(TimeSpan left)
    {
        var work = left - TimeSpan.FromTicks(Math.Clamp(left.Ticks / 10, LeastReserve.Ticks, MostReserve.Ticks));
        return new TimeLimit(work, TimeSpan.FromTicks(Math.Clamp(work.Ticks / 10, 0, MostGrace.Ticks)));
    }
}
