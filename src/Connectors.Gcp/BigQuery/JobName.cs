using Etl.Connectors.Gcp.BigQuery.Client.Data;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>How a job is found again.</summary>
/// <param name="Project">The project that runs it.</param>
/// <param name="Location">Where.</param>
/// <param name="Id">The id of its first attempt; later ones end in their number.</param>
/// <param name="IsOurs">Tells it from another sink's job of the same run.</param>
internal sealed record JobName(string Project, string? Location, string Id, Func<Job, bool> IsOurs)
{
    /// <summary>The reference of an attempt, counted from 1.</summary>
    public JobReference Attempt(int attempt) => new() { ProjectId = Project, Location = Location, JobId = attempt == 1 ? Id : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Id}_{attempt}") };
}
