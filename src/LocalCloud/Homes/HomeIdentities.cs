namespace Etl.LocalCloud.Homes;

/// <summary>Who the local workloads are.</summary>
internal static class HomeIdentities
{
    /// <summary>The AWS role that may act as the service account.</summary>
    public const string Role = "etl-runner";

    /// <summary>An AWS role that may not.</summary>
    public const string OtherRole = "s3-reader";

    /// <summary>A workflow on the main branch of a repository.</summary>
    public const string Workflow = "repo:acme/exports:ref:refs/heads/main";

    /// <summary>A Kubernetes service account.</summary>
    public const string Pod = "system:serviceaccount:etl:loader";

    /// <summary>A person.</summary>
    public const string Person = "analyst@acme.example";

    /// <summary>The OpenID Connect subjects that may act as the service account.</summary>
    public static IReadOnlyList<string> Subjects { get; } = [Workflow, Pod];
}
