namespace Etl.LocalCloud.Identity;

/// <summary>The one workload identity pool, its AWS provider, and the service account behind it.</summary>
internal static class WorkloadPool
{
    /// <summary>The service account that allowed roles may impersonate.</summary>
    public const string ServiceAccount = "etl-loader@local-project.iam.gserviceaccount.com";

    /// <summary>The provider's full name: the audience of a token exchange.</summary>
    public const string Audience = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/providers/aws";

    private const string PrincipalSet = "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/etl-pool/subject/";

    /// <summary>The principal of an AWS identity: <c>google.subject</c> is mapped from <c>assertion.arn</c>.</summary>
    public static string PrincipalOf(AwsKey key) => PrincipalSet + key.Arn;

    /// <summary>The role's name in a principal made by <see cref="PrincipalOf"/>, or null.</summary>
    public static string? RoleOf(string principal) =>
        principal.StartsWith(PrincipalSet, StringComparison.Ordinal) && principal.Split(":assumed-role/") is [_, var rest] ? rest.Split('/')[0] : null;
}
