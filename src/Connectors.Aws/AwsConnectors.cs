using Etl.Connectors.Aws.S3;
using Etl.Core.Connectors;

namespace Etl.Connectors.Aws;

/// <summary>The connectors of this project.</summary>
public static class AwsConnectors
{
    /// <summary>Adds them to <paramref name="registry"/>.</summary>
    public static ConnectorRegistry Register(ConnectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.AddSource<S3Options>("s3", "Objects of an Amazon S3 bucket, or of a server that speaks its protocol", (options, context) => new S3Source(options, context));
    }
}
