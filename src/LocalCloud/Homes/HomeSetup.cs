using System.Net;
using System.Security.Cryptography;
using Etl.LocalCloud.Identity;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Homes;

/// <summary>Makes a place to run in: opens the endpoints that it has and gives the variables that it sets.</summary>
/// <param name="keys">AWS's credentials.</param>
/// <param name="tokens">Google's tokens.</param>
/// <param name="issuer">The OpenID Connect provider.</param>
/// <param name="listen">Opens a service, on a loopback port or at an address of its own.</param>
/// <param name="files">The files of the place.</param>
/// <param name="options">The local cloud's.</param>
internal sealed class HomeSetup(AwsKeys keys, TokenAuthority tokens, OidcIssuer issuer, Func<string, RequestDelegate, IPEndPoint?, Task<Uri>> listen, HomeFiles files, LocalCloudOptions options)
{
    private static readonly IPEndPoint Ecs = new(IPAddress.Parse("169.254.170.2"), 80);
    private static readonly IPEndPoint PodIdentity = new(IPAddress.Parse("169.254.170.23"), 80);
    private static readonly IPEndPoint Ec2 = new(IPAddress.Parse("169.254.169.254"), 80);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly string containerPath = "/v2/credentials/" + Guid.NewGuid();

    /// <summary>The variables of <paramref name="home"/>.</summary>
    public async Task<Dictionary<string, string>> OpenAsync(Home home) => home switch
    {
        Home.Keys => new(Keys(HomeIdentities.Role)) { ["GOOGLE_WIF_CONFIG"] = files.Federation },
        Home.Lambda => new(Keys(HomeIdentities.Role)) { ["GOOGLE_WIF_CONFIG"] = files.Federation, ["AWS_LAMBDA_FUNCTION_NAME"] = "etl", ["AWS_EXECUTION_ENV"] = "AWS_Lambda_dotnet10" },
        Home.Profile => Aws(files.Profile(Key(HomeIdentities.Role))),
        Home.AssumeRole => Aws(files.AssumeRoleProfile(Key(HomeIdentities.OtherRole), HomeIdentities.Role)),
        Home.Sso => await SsoAsync().ConfigureAwait(false),
        Home.Irsa => Aws(new()
        {
            ["AWS_ROLE_ARN"] = $"arn:aws:iam::{AwsKey.Account}:role/{HomeIdentities.Role}",
            ["AWS_WEB_IDENTITY_TOKEN_FILE"] = files.Write("eks-token", issuer.Issue(HomeIdentities.Pod, AwsSts.AwsStsService.WebIdentityAudience, Lifetime)),
            ["AWS_REGION"] = LocalCloudServer.Region,
        }),
        Home.PodIdentity => await PodIdentityAsync().ConfigureAwait(false),
        Home.Ecs => await EcsAsync().ConfigureAwait(false),
        Home.SnapStart => await SnapStartAsync().ConfigureAwait(false),
        Home.Ec2 => await Ec2Async().ConfigureAwait(false),
        Home.GoogleCloud => await GoogleCloudAsync().ConfigureAwait(false),
        Home.GitHubActions => await GitHubAsync().ConfigureAwait(false),
        Home.TokenFile => new(Keys(HomeIdentities.OtherRole))
        {
            ["GOOGLE_APPLICATION_CREDENTIALS"] = files.TokenFile(files.Write("pod-token", issuer.Issue(HomeIdentities.Pod, "https:" + options.Policy.Provider.OidcAudience, Lifetime))),
        },
        Home.Gcloud => await GcloudAsync(impersonate: false).ConfigureAwait(false),
        Home.GcloudImpersonated => await GcloudAsync(impersonate: true).ConfigureAwait(false),
        _ => throw new ArgumentOutOfRangeException(nameof(home), home, null),
    };

    private async Task<Dictionary<string, string>> SsoAsync()
    {
        var sso = new SsoService(role => keys.Assume(role, Lifetime));
        var address = await listen("aws-sso", sso.HandleAsync, null).ConfigureAwait(false);
        return Aws(new(files.SsoProfile(sso, HomeIdentities.Role)) { ["AWS_ENDPOINT_URL_SSO"] = Base(address), ["AWS_ENDPOINT_URL_SSO_OIDC"] = Base(address) });
    }

    private async Task<Dictionary<string, string>> EcsAsync()
    {
        var service = new ContainerCredentialsService(() => Key(HomeIdentities.Role), containerPath, _ => true);
        var address = await listen("aws-container", service.HandleAsync, At(Ecs)).ConfigureAwait(false);
        return Aws(new()
        {
            // ECS itself gives only the path; the SDK knows the address.
            [options.LinkLocal ? "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" : "AWS_CONTAINER_CREDENTIALS_FULL_URI"] = options.LinkLocal ? containerPath : Base(address) + containerPath,
            ["AWS_EXECUTION_ENV"] = "AWS_ECS_FARGATE",
            ["AWS_REGION"] = LocalCloudServer.Region,
        });
    }

    private async Task<Dictionary<string, string>> PodIdentityAsync()
    {
        var token = issuer.Issue(HomeIdentities.Pod, "pods.eks.amazonaws.com", Lifetime);
        var service = new ContainerCredentialsService(() => Key(HomeIdentities.Role), "/v1/credentials", header => header == token);
        var address = await listen("aws-container", service.HandleAsync, At(PodIdentity)).ConfigureAwait(false);
        return Aws(new()
        {
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = Base(address) + "/v1/credentials",
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = files.Write("eks-pod-identity-token", token),
            ["AWS_REGION"] = LocalCloudServer.Region,
        });
    }

    private async Task<Dictionary<string, string>> SnapStartAsync()
    {
        var token = "localsnapstart" + RandomNumberGenerator.GetHexString(40, lowercase: true);
        var service = new ContainerCredentialsService(() => Key(HomeIdentities.Role), "/2021-01-01/credentials", header => header == token);
        var address = await listen("aws-container", service.HandleAsync, null).ConfigureAwait(false);
        return Aws(new()
        {
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = Base(address) + "/2021-01-01/credentials",
            ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = token,
            ["AWS_LAMBDA_FUNCTION_NAME"] = "etl",
            ["AWS_REGION"] = LocalCloudServer.Region,
        });
    }

    private async Task<Dictionary<string, string>> Ec2Async()
    {
        var service = new InstanceMetadataService(() => Key(HomeIdentities.Role), HomeIdentities.Role, LocalCloudServer.Region);
        var address = await listen("aws-imds", service.HandleAsync, At(Ec2)).ConfigureAwait(false);
        var variables = new Dictionary<string, string> { ["AWS_EC2_METADATA_DISABLED"] = "false" };
        if (!options.LinkLocal) variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = Base(address);
        return Aws(variables);
    }

    private async Task<Dictionary<string, string>> GoogleCloudAsync()
    {
        var service = new GoogleMetadataService(tokens, options.Policy.ServiceAccount.Email, options.TokenLifetime);
        var address = await listen("google-metadata", service.HandleAsync, null).ConfigureAwait(false);
        return new(Keys(HomeIdentities.OtherRole)) { ["GCE_METADATA_HOST"] = address.Authority };
    }

    private async Task<Dictionary<string, string>> GitHubAsync()
    {
        var service = new GitHubTokenService(issuer, HomeIdentities.Workflow);
        var address = await listen("github-oidc", service.HandleAsync, null).ConfigureAwait(false);
        return new(Keys(HomeIdentities.OtherRole)) { ["GOOGLE_APPLICATION_CREDENTIALS"] = files.GitHub(address, service.RequestToken) };
    }

    private async Task<Dictionary<string, string>> GcloudAsync(bool impersonate)
    {
        var service = new GoogleOAuthService(tokens, HomeIdentities.Person, options.TokenLifetime);
        var address = await listen("google-oauth", service.HandleAsync, null).ConfigureAwait(false);
        return new(Keys(HomeIdentities.OtherRole)) { ["HOME"] = files.Gcloud(service, new Uri(address, "/token"), impersonate) };
    }

    private Dictionary<string, string> Aws(Dictionary<string, string> variables) => new(variables) { ["GOOGLE_WIF_CONFIG"] = files.Federation };

    private AwsKey Key(string role) => keys.Assume(role, Lifetime);

    private Dictionary<string, string> Keys(string role) => LocalCloudServer.Variables(keys.Assume(role, TimeSpan.FromHours(12)));

    private IPEndPoint? At(IPEndPoint address) => options.LinkLocal ? address : null;

    private static string Base(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
