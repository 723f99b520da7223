using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using Etl.Core.Connectors;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.S3;

/// <summary>Makes the SDK's client from the options: no I/O, and no credential of our own.</summary>
internal static class S3Client
{
    public static AmazonS3Client Create(IS3Address options, bool local, int retries = 3)
    {
        MetadataAddresses.Check(Environment.GetEnvironmentVariable);
        // The local cloud speaks through the environment: what the file says of the real one does not count.
        var endpoint = local ? null : options.Endpoint;
        var profile = local ? null : options.Profile;
        var region = options.Region is { } named ? RegionEndpoint.GetBySystemName(named) : null;

        var config = new AmazonS3Config { RetryMode = RequestRetryMode.Standard, MaxErrorRetry = retries };
        if (profile is not null) config.Profile = new Profile(profile);
        if (endpoint is not null)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = options.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
        }
        else if (region is not null)
        {
            config.RegionEndpoint = region;
        }
        else if (local && config.RegionEndpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.USEast1;
        }
        config.ForcePathStyle = options.PathStyle || endpoint is not null || local;
        // A checksum is checked where the object has one; asking for more breaks servers that only resemble S3.
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;

        if (profile is null) return Build(() => new AmazonS3Client(config), options);
        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var credentials)
            ? Build(() => new AmazonS3Client(credentials, config), options)
            : throw new ServiceException($"There is no AWS profile called {profile} in ~/.aws/config or ~/.aws/credentials. Run `aws configure list-profiles` to see those there are, and `aws configure sso --profile {profile}` to make one.", transient: false);
    }

    private static AmazonS3Client Build(Func<AmazonS3Client> make, IS3Address options)
    {
        try
        {
            return make();
        }
        catch (AmazonClientException e)
        {
            throw S3Errors.Explain(e, options.Bucket, key: null, "open");
        }
    }
}
