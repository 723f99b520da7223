using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Etl.LocalCloud.Host;

namespace Etl.LocalCloud.Iam;

/// <summary>Who may do what in the local cloud. The default is a laptop's: the role <c>etl-runner</c> may act as the service account, and whoever is signed in may do everything.</summary>
public sealed record CloudPolicy
{
    /// <summary>The workload identity pool's AWS provider.</summary>
    public ProviderPolicy Provider { get; init; } = new();

    /// <summary>The service account behind the pool.</summary>
    public ServiceAccountPolicy ServiceAccount { get; init; } = new();

    /// <summary>The bindings on <c>projects/ID</c>, <c>buckets/NAME</c> and <c>datasets/PROJECT.DATASET</c>. A dataset inherits its project's. Null: everything is allowed.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IamBinding>>? Resources { get; init; }

    /// <summary>Custom roles: their permissions by name, such as <c>projects/acme/roles/loader</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Roles { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Google APIs that are not enabled in the project, such as <c>iamcredentials.googleapis.com</c>.</summary>
    public IReadOnlyList<string> DisabledApis { get; init; } = [];

    /// <summary>The identity-based policy of AWS roles, by the role's name. A role without one may do everything.</summary>
    public IReadOnlyDictionary<string, JsonObject> AwsRoles { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Reads a policy file (JSON, comments allowed).</summary>
    /// <exception cref="InvalidDataException">The file cannot be read as a policy.</exception>
    public static CloudPolicy Read(string path) => SettingsFile.Read<CloudPolicy>(path, "policy file");
}

/// <summary>An AWS provider of a workload identity pool (https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers).</summary>
public sealed record ProviderPolicy
{
    /// <summary>The project's number.</summary>
    public string ProjectNumber { get; init; } = "123456789012";

    /// <summary>The pool's id.</summary>
    public string Pool { get; init; } = "etl-pool";

    /// <summary>The provider's id.</summary>
    public string Id { get; init; } = "aws";

    /// <summary>The AWS account whose identities are taken.</summary>
    public string AccountId { get; init; } = Identity.AwsKey.Account;

    /// <summary>Attributes of the federated identity, each a CEL expression over the assertion. Google's own default for AWS.</summary>
    public IReadOnlyDictionary<string, string> AttributeMapping { get; init; } = new Dictionary<string, string>
    {
        ["google.subject"] = "assertion.arn",
        ["attribute.aws_role"] = "assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn",
    };

    /// <summary>A CEL expression that must be true, or null.</summary>
    public string? AttributeCondition { get; init; }

    /// <summary>Whether the provider takes no tokens.</summary>
    public bool Disabled { get; init; }

    /// <summary>The pool's resource name.</summary>
    [JsonIgnore]
    public string PoolName => $"projects/{ProjectNumber}/locations/global/workloadIdentityPools/{Pool}";

    /// <summary>The provider's resource name.</summary>
    [JsonIgnore]
    public string Name => $"{PoolName}/providers/{Id}";

    /// <summary>The audience of a token exchange.</summary>
    [JsonIgnore]
    public string Audience => "//iam.googleapis.com/" + Name;

    /// <summary>The audience of a token exchange with an OpenID Connect token: the pool's other provider.</summary>
    [JsonIgnore]
    public string OidcAudience => $"//iam.googleapis.com/{PoolName}/providers/oidc";
}

/// <summary>A service account and who may act as it.</summary>
public sealed record ServiceAccountPolicy
{
    /// <summary>Its e-mail address.</summary>
    public string Email { get; init; } = "etl-loader@local-project.iam.gserviceaccount.com";

    /// <summary>Whether it is disabled.</summary>
    public bool Disabled { get; init; }

    /// <summary>The bindings on the account. Null: <c>roles/iam.workloadIdentityUser</c> for the roles of <see cref="LocalCloudOptions.AllowedRoles"/> and for the workloads of the local GitHub and Kubernetes; <c>roles/iam.serviceAccountTokenCreator</c> for the person whom gcloud signed in.</summary>
    public IReadOnlyList<IamBinding>? Bindings { get; init; }
}

/// <summary>A role and who has it (https://cloud.google.com/iam/docs/reference/rest/v1/Policy#Binding).</summary>
/// <param name="Role">A predefined role or one of <see cref="CloudPolicy.Roles"/>.</param>
/// <param name="Members">Such as <c>serviceAccount:EMAIL</c> or <c>principalSet://iam.googleapis.com/POOL/attribute.NAME/VALUE</c>.</param>
public sealed record IamBinding(string Role, IReadOnlyList<string> Members);
