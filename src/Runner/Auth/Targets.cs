using Etl.Connectors.Gcp.BigQuery;
using Etl.Connectors.Gcp.Doctor;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Pipelines;

namespace Etl.Runner.Auth;

/// <summary>What a pipeline uses at Google Cloud.</summary>
internal static class Targets
{
    public static DoctorTargets Of(PipelineDefinition definition)
    {
        var buckets = new[] { (definition.Staging.Options as GcsStagingOptions)?.Bucket, (definition.State?.Options as GcsStateOptions)?.Bucket };
        return new DoctorTargets([.. buckets.OfType<string>().Distinct()], [.. definition.Loads.Select(l => l.Options).OfType<BigQueryOptions>()]);
    }
}
