namespace Etl.LocalCloud.Homes;

/// <summary>Where a program runs, and so how it comes by its identity. Each is as the platform makes it: its variables, its files, its endpoints.</summary>
public enum Home
{
    /// <summary>Keys in environment variables: a laptop, a CI job.</summary>
    Keys,

    /// <summary>A profile with keys in <c>~/.aws</c>.</summary>
    Profile,

    /// <summary>A profile of IAM Identity Center after <c>aws sso login</c>; its access token has just expired and is renewed.</summary>
    Sso,

    /// <summary>A profile that assumes a role with another profile's keys.</summary>
    AssumeRole,

    /// <summary>EKS with IAM roles for service accounts: a web identity token in a file.</summary>
    Irsa,

    /// <summary>EKS Pod Identity: a container endpoint, authorised by a token in a file.</summary>
    PodIdentity,

    /// <summary>A task of ECS or Fargate: a container endpoint at a path of its own.</summary>
    Ecs,

    /// <summary>An EC2 instance with a role: instance metadata, version 2.</summary>
    Ec2,

    /// <summary>A Lambda function: the role's keys in environment variables, and nothing to ask.</summary>
    Lambda,

    /// <summary>A Lambda function restored by SnapStart: a container endpoint on loopback, authorised by a token.</summary>
    SnapStart,

    /// <summary>A machine on Google Cloud with a service account: the metadata server.</summary>
    GoogleCloud,

    /// <summary>A GitHub Actions workflow with <c>id-token: write</c>, after google-github-actions/auth.</summary>
    GitHubActions,

    /// <summary>A Kubernetes pod whose service account token is mounted: an OpenID Connect token in a file.</summary>
    TokenFile,

    /// <summary>A laptop after <c>gcloud auth application-default login</c>.</summary>
    Gcloud,

    /// <summary>The same with <c>--impersonate-service-account</c>: a person's sign-in, and the service account to act as.</summary>
    GcloudImpersonated,
}
