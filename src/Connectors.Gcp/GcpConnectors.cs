using Etl.Connectors.Gcp.BigQuery;
using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Connectors;

namespace Etl.Connectors.Gcp;

/// <summary>The connectors of this project.</summary>
public static class GcpConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddSettings<GoogleOptions>("google", "How to sign in to Google Cloud: without a key, by Workload Identity Federation")
            .AddSource<GcsSourceOptions>("gcs", "Reads objects of a Google Cloud Storage bucket", (options, context) => new GcsSource(options, context))
            .AddStagingSink<GcsStagingOptions>("gcs", "Stages files in a Google Cloud Storage bucket", "gs", (options, context) => new GcsStagingSink(options, context),
                (options, context) => new GcsStateStore(new GcsStateOptions { Bucket = options.Bucket, Prefix = options.Prefix + "_etl/" }, context))
            .AddLoadSink<BigQueryOptions>("bigquery", "Loads the staged files into a BigQuery table, with one job", "gs", (options, context) => new BigQueryLoadSink(options, context), asserts: true)
            .AddStateStore<GcsStateOptions>("gcs", "Keeps manifests, receipts and state in a Google Cloud Storage bucket", (options, context) => new GcsStateStore(options, context));
    }
}
