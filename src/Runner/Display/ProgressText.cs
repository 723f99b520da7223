using System.Globalization;
using Etl.Core.Connectors;
using Etl.Core.Runs;

namespace Etl.Runner.Display;

/// <summary>How a run stands, in words.</summary>
internal sealed class ProgressText(RunProgress progress, SignIns signIns, TimeProvider time)
{
    private readonly ProgressRate rate = new(time);

    /// <summary>Looks how far it is; to be called now and then, for the speed.</summary>
    public void Look() => rate.Add(progress.BytesRead - progress.BytesFound, progress.RowsRead);

    /// <summary>Splits and rows.</summary>
    public string Counts => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.SplitsDone:N0}/{progress.SplitsTotal:N0} splits, {progress.RowsRead:N0} rows{(progress.RowsRejected == 0 ? "" : $", {progress.RowsRejected:N0} rejected")}");

    /// <summary>Bytes read and sent. Splits read a little of those after them, so that in the end it is more than there is.</summary>
    public string Bytes => $"{Sizes.Bytes(progress.BytesRead)}{(progress.BytesRead < progress.BytesTotal ? $" of {Sizes.Bytes(progress.BytesTotal)}" : "")} read, {Sizes.Bytes(progress.BytesStaged)} sent";

    /// <summary>Bytes and rows a second, and how long the rest takes at that speed; empty while nothing can be said.</summary>
    public string Speed
    {
        get
        {
            if (progress.Phase != RunPhase.Stage || rate.BytesPerSecond is not { } bytes || rate.RowsPerSecond is not { } rows) return "";
            var speed = string.Create(CultureInfo.InvariantCulture, $", {Sizes.Bytes((long)bytes)}/s, {rows:N0} rows/s");
            return rate.TimeFor(progress.BytesTotal - progress.BytesRead) is { } left ? $"{speed}, about {Sizes.About(left)} left" : speed;
        }
    }

    /// <summary>Until when the sign-ins serve.</summary>
    public string Token => string.Concat(signIns.All.Select(s => string.Create(CultureInfo.InvariantCulture, $"; signed in to {s.Service} until {s.Until:HH:mm} UTC")));

    /// <summary>What failed and is done again; null when nothing is.</summary>
    public string? Waiting => progress.Waiting is { } wait
        ? string.Create(CultureInfo.InvariantCulture, $"trying again in {Math.Max(0, Math.Ceiling((wait.Until - time.GetUtcNow()).TotalSeconds)):N0} s (attempt {wait.Attempt}): {CellText.Message(wait.Problem)}")
        : null;
}
