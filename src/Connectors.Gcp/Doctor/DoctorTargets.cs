namespace Etl.Connectors.Gcp.Doctor;

/// <summary>What a pipeline uses at Google Cloud.</summary>
/// <param name="Buckets">The buckets it stages and keeps its state in.</param>
/// <param name="Tables">The tables it loads.</param>
public sealed record DoctorTargets(IReadOnlyList<string> Buckets, IReadOnlyList<BigQuery.BigQueryOptions> Tables)
{
    /// <summary>Nothing: the sign-in alone.</summary>
    public static DoctorTargets None { get; } = new([], []);
}
