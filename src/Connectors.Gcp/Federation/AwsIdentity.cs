using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Internal;
using Etl.Core.Connectors;
using Etl.Core.Errors;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Who we are at AWS: what signs the proof that Google asks for.</summary>
internal interface IAwsIdentity
{
    /// <summary>Called for each proof, about once an hour; the credentials may have been renewed since the last.</summary>
    Task<(ImmutableCredentials Credentials, string Region)> ResolveAsync(CancellationToken cancel);
}

/// <summary>The AWS SDK's default chain: environment, profiles, SSO, web identity (IRSA), containers (ECS, EKS Pod Identity), instance role (IMDSv2).</summary>
internal sealed partial class AwsDefaultChain : IAwsIdentity
{
    // The chain is walked once; what it found renews itself.
    private AWSCredentials? source;
    private string? region;

    /// <summary>What the chain found, once it was walked.</summary>
    public AWSCredentials? Source => source;

    public async Task<(ImmutableCredentials Credentials, string Region)> ResolveAsync(CancellationToken cancel)
    {
        MetadataAddresses.Check(Environment.GetEnvironmentVariable);
        if (FallbackInternalConfigurationFactory.EC2MetadataServiceEndpoint is { Length: > 0 } metadata) MetadataAddresses.Check("ec2_metadata_service_endpoint of the AWS profile", metadata);
        try
        {
            // The resolver stays undisposed: the credentials it found live on it.
            source ??= await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(clientConfig: null, cancel).ConfigureAwait(false);
            var credentials = await source.GetCredentialsAsync().WaitAsync(cancel).ConfigureAwait(false);
            region ??= FindRegion();
            return (credentials, region);
        }
        catch (Exception e) when (e is not (EtlException or OperationCanceledException))
        {
            throw new ServiceException(
                $"No AWS credentials were found, and Google Cloud is signed in to with them. The SDK looked in the environment (AWS_ACCESS_KEY_ID), a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE), ~/.aws/config and ~/.aws/credentials (AWS_PROFILE), the container's endpoint (ECS, EKS Pod Identity) and the instance's role (IMDS). On a laptop run `aws sso login` and set AWS_PROFILE; on AWS give the task or instance a role.",
                transient: false, e);
        }
    }

    private static string FindRegion()
    {
        foreach (var name in (ReadOnlySpan<string>)["AWS_REGION", "AWS_DEFAULT_REGION"])
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                return Checked(name, value);
        // Any region's STS can vouch for the identity, so none set is no reason to stop.
        return Checked("The region of the AWS profile or instance", FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? RegionEndpoint.USEast1.SystemName);
    }

    // It becomes part of a host's name.
    private static string Checked(string setting, string region) => Region().IsMatch(region) ? region
        : throw new ServiceException($"{setting} is not an AWS region: one is written like us-east-1. Correct it; any region's STS can vouch for who this is.", transient: false);

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Region();
}
