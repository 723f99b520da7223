namespace Etl.Connectors.Gcp.Doctor;

/// <summary>The parts of a provider's resource name, and the commands about it.</summary>
internal sealed record ProviderNames(string Project, string Pool, string Provider)
{
    /// <summary>Google's own mapping of the role for AWS providers (https://cloud.google.com/iam/docs/workload-identity-federation-with-other-clouds).</summary>
    public const string RoleMapping = "attribute.aws_role=assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn";

    /// <summary>The name's parts; capitals where the audience has none.</summary>
    public static ProviderNames Of(string audience) =>
        audience.Split('/') is [_, _, _, "projects", var project, "locations", _, "workloadIdentityPools", var pool, "providers", var provider]
            ? new ProviderNames(project, pool, provider) : new ProviderNames("PROJECT_NUMBER", "POOL", "PROVIDER");

    /// <summary>The pool's resource name.</summary>
    public string PoolName => $"projects/{Project}/locations/global/workloadIdentityPools/{Pool}";

    /// <summary>The provider's resource name.</summary>
    public string Name => $"{PoolName}/providers/{Provider}";

    /// <summary>The member that stands for a role, whatever its session.</summary>
    public string RoleMember(string role) => $"principalSet://iam.googleapis.com/{PoolName}/attribute.aws_role/{role}";

    /// <summary>The command that shows the provider.</summary>
    public string Describe() => $"$ gcloud iam workload-identity-pools providers describe {Provider} --workload-identity-pool={Pool} --location=global --project={Project}";

    /// <summary>The command that changes the provider.</summary>
    public string Update(string flags) => $"$ gcloud iam workload-identity-pools providers update-aws {Provider} --workload-identity-pool={Pool} --location=global --project={Project} {flags}";
}
