using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.SQS;
using Etl.Core.Connectors;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>Makes the SDK's client: no I/O, and no credential of our own.</summary>
internal static class SqsClient
{
    public static AmazonSQSClient Create(string? region, string? profile)
    {
        MetadataAddresses.Check(Environment.GetEnvironmentVariable);
        var config = new AmazonSQSConfig { RetryMode = RequestRetryMode.Standard };
        if (profile is not null) config.Profile = new Profile(profile);
        if (region is not null) config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        if (profile is null) return new AmazonSQSClient(config);
        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? new AmazonSQSClient(credentials, config)
            : throw new ServiceException($"There is no AWS profile called {profile} in ~/.aws/config or ~/.aws/credentials. Run `aws configure list-profiles` to see those there are, and `aws configure sso --profile {profile}` to make one.", transient: false);
    }
}
