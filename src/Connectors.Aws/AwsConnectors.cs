using Etl.Connectors.Aws.S3;
using Etl.Connectors.Aws.Sqs;
using Etl.Core.Connectors;

namespace Etl.Connectors.Aws;

/// <summary>The connectors of this project.</summary>
public static class AwsConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .AddSource<S3Options>("s3", "Objects of an Amazon S3 bucket, or of a server that speaks its protocol", (options, context) => new S3Source(options, context))
            .AddSource<SqsSourceOptions>("sqs", "Objects of Amazon S3 that the messages of an SQS queue tell of", (options, context) => new SqsSource(options, context), acknowledged: true)
            .AddStagingSink<S3StagingOptions>("s3", "Writes files into an Amazon S3 bucket", "s3", (options, context) => new S3StagingSink(options, context),
                (options, context) => new S3StateStore(new S3StateOptions { Bucket = options.Bucket, Prefix = options.Prefix + "_etl/", Region = options.Region, Profile = options.Profile, Endpoint = options.Endpoint, PathStyle = options.PathStyle }, context))
            .AddStateStore<S3StateOptions>("s3", "Keeps manifests, receipts and state in an Amazon S3 bucket", (options, context) => new S3StateStore(options, context));
    }
}
