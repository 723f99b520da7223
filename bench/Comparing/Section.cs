namespace Etl.Bench.Comparing;

/// <summary>One table of the report.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Shows">What a cell says.</param>
/// <param name="Goal">What must be reached.</param>
/// <param name="Comparisons">Its rows, made when it is run, so that only the files that are needed are generated.</param>
internal sealed record Section(string Name, string Title, Shows Shows, string Goal, Func<CancellationToken, Task<IReadOnlyList<Comparison>>> Comparisons);

/// <summary>What a cell of a table says.</summary>
[Flags]
internal enum Shows
{
    Speed = 1,
    Seconds = 2,
    Peak = 4,
    Size = 8,
}
