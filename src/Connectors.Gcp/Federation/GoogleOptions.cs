using System.ComponentModel;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>How to sign in to Google Cloud. The file holds no secret: it says who may be exchanged for whom.</summary>
public sealed record GoogleOptions
{
    /// <summary>The <c>external_account</c> file, relative to the pipeline file, or its JSON; Application Default Credentials when left out.</summary>
    [Description("The credential configuration of the workload identity pool (made by `gcloud iam workload-identity-pools create-cred-config ... --aws`): its path, relative to the pipeline file, or its JSON. It holds no secret. When left out or empty: GOOGLE_WIF_CONFIG, then Google's Application Default Credentials (GOOGLE_APPLICATION_CREDENTIALS, gcloud's sign-in, the metadata server).")]
    public string? Credentials { get; init; }

    /// <summary>The project that quota is counted on.</summary>
    [Description("The project whose quota the calls count against. The service account's own when left out.")]
    public string? Project { get; init; }
}
