namespace Etl.LocalCloud;

/// <summary>Where the services of a local cloud listen.</summary>
public sealed record LocalCloudEndpoints(Uri S3, Uri AwsSts, Uri GoogleSts, Uri IamCredentials, Uri CloudStorage, Uri BigQuery, Uri Iam, Uri Sqs);
