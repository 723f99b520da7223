using System.Text.Json.Serialization;
using Etl.Core.Contracts;

namespace Etl.Core.Runs;

/// <summary>What a committed run did, kept beside its manifest: small, whatever the run's size.</summary>
public sealed record RunReport
{
    /// <summary>The layout of this document; a reader passes over a newer one.</summary>
    public const int CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/> when it was written.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>When it was committed.</summary>
    public required DateTimeOffset Committed { get; init; }

    /// <summary>How long its phases took in the process that committed it, in seconds; the commit up to the load's end.</summary>
    public required IReadOnlyDictionary<string, double> Seconds { get; init; }

    /// <summary>When the phases were in the process that committed it, the commit up to the load's end; null in reports of earlier versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PhaseTime>? Timeline { get; init; }

    /// <summary>Objects read.</summary>
    public required int Objects { get; init; }

    /// <summary>Splits they were read in.</summary>
    public required int Splits { get; init; }

    /// <summary>Rows.</summary>
    public required RowCounts Rows { get; init; }

    /// <summary>Rows repaired, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Repairs { get; init; }

    /// <summary>Stored bytes read from the source.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Bytes of the staged files.</summary>
    public required long BytesStaged { get; init; }

    /// <summary>One receipt a load sink.</summary>
    public required IReadOnlyList<LoadReceipt> Loads { get; init; }

    /// <summary>Where the dead letters are: the first hundred files.</summary>
    public required IReadOnlyList<string> DeadLetters { get; init; }

    /// <summary>The run committed before, or null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Before { get; init; }

    private const int MostDeadLetters = 100;

    /// <summary>The report of <paramref name="run"/>.</summary>
    internal static RunReport Of(RunManifest run, IReadOnlyList<StageReceipt> receipts, IReadOnlyList<LoadReceipt> loads, RunProgress progress, DateTimeOffset now) => new()
    {
        Run = run.RunId,
        Before = run.After?.Split('/')[0] is { Length: > 0 } before ? before : null,
        Committed = now,
        Seconds = progress.Phases.GroupBy(p => p.Phase).ToDictionary(p => p.Key.ToString().ToLowerInvariant(), p => Math.Round(p.Sum(t => t.Took.TotalSeconds), 3)),
        Timeline = progress.Timeline,
        Objects = run.Splits.Select(s => s.Object.Uri).Distinct(StringComparer.Ordinal).Count(),
        Splits = run.Splits.Count,
        Rows = RowCounts.Sum(receipts),
        Repairs = receipts.SelectMany(r => r.Repairs).GroupBy(r => r.Key).OrderBy(r => r.Key, StringComparer.Ordinal).ToDictionary(r => r.Key, r => r.Sum(k => k.Value)),
        BytesRead = receipts.Sum(r => r.BytesRead),
        BytesStaged = receipts.Sum(r => r.Files.Sum(f => f.Bytes)),
        Loads = loads,
        DeadLetters = [.. receipts.SelectMany(r => r.DeadLetters).Take(MostDeadLetters)],
    };
}
