using Etl.Core.Connectors;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Which credentials file a run signs in with.</summary>
/// <param name="Path">The file, or null for the metadata server of Google Cloud.</param>
/// <param name="MayBeUser">Whether a person's own sign-in is accepted from it: from the places where gcloud and Google's libraries look, not from a pipeline's file.</param>
internal sealed record CredentialsLocation(string? Path, bool MayBeUser)
{
    /// <summary>The first there is of: the pipeline's file, GOOGLE_WIF_CONFIG, then Application Default Credentials (https://cloud.google.com/docs/authentication/application-default-credentials): GOOGLE_APPLICATION_CREDENTIALS, gcloud's file, the metadata server. A local run takes the environment's before the pipeline's.</summary>
    public static CredentialsLocation Find(ConnectorContext context, Func<string, string?> environment)
    {
        var own = Named(context.Settings<GoogleOptions>()?.Credentials) is { } file ? System.IO.Path.GetFullPath(file, System.IO.Path.GetFullPath(context.Folder)) : null;
        // A path of the environment is the shell's; one of the pipeline file starts at its folder.
        var federation = Named(environment("GOOGLE_WIF_CONFIG")) is { } path ? System.IO.Path.GetFullPath(path) : null;
        if ((context.Local ? federation ?? own : own ?? federation) is { } federated) return new CredentialsLocation(federated, MayBeUser: false);
        if (Named(environment("GOOGLE_APPLICATION_CREDENTIALS")) is { } application) return new CredentialsLocation(System.IO.Path.GetFullPath(application), MayBeUser: true);
        var gcloud = System.IO.Path.Combine(GcloudFolder(environment), "application_default_credentials.json");
        return new CredentialsLocation(File.Exists(gcloud) ? gcloud : null, MayBeUser: true);
    }

    private static string GcloudFolder(Func<string, string?> environment) =>
        Named(environment("CLOUDSDK_CONFIG"))
        ?? (OperatingSystem.IsWindows()
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "gcloud")
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "gcloud"));

    private static string? Named(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
