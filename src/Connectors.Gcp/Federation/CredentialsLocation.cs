using Etl.Core.Connectors;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Which credentials file a run signs in with.</summary>
/// <param name="Path">The file, or null for the metadata server of Google Cloud.</param>
/// <param name="MayBeUser">Whether a person's own sign-in is accepted from it: from the places where gcloud and Google's libraries look, not from a pipeline's file.</param>
/// <param name="Json">The file's content, where it stood in place of a path: functions and containers have variables, and no file of their own. Then <paramref name="Path"/> names the place, for messages.</param>
internal sealed record CredentialsLocation(string? Path, bool MayBeUser, string? Json = null)
{
    private const string Variable = "GOOGLE_WIF_CONFIG";

    /// <summary>The first there is of: the pipeline's file, GOOGLE_WIF_CONFIG, then Application Default Credentials (https://cloud.google.com/docs/authentication/application-default-credentials): GOOGLE_APPLICATION_CREDENTIALS, gcloud's file, the metadata server. A local run takes the environment's before the pipeline's.</summary>
    public static CredentialsLocation Find(ConnectorContext context, Func<string, string?> environment)
    {
        // A path of the environment is the shell's; one of the pipeline file starts at its folder.
        var own = Federated(context.Settings<GoogleOptions>()?.Credentials, "google: credentials:", System.IO.Path.GetFullPath(context.Folder));
        var shell = Federated(environment(Variable), Variable, Environment.CurrentDirectory);
        if ((context.Local ? shell ?? own : own ?? shell) is { } federated) return federated;
        if (Named(environment("GOOGLE_APPLICATION_CREDENTIALS")) is { } application) return new CredentialsLocation(System.IO.Path.GetFullPath(application), MayBeUser: true);
        var gcloud = System.IO.Path.Combine(GcloudFolder(environment), "application_default_credentials.json");
        return new CredentialsLocation(File.Exists(gcloud) ? gcloud : null, MayBeUser: true);
    }

    /// <summary>What stands there; nothing in it is trusted yet.</summary>
    /// <exception cref="Core.Errors.ServiceException">The file is missing, no JSON object, or a service account's key.</exception>
    public CredentialsLayout Read() => Json is null ? CredentialsLayout.Read(Path!) : CredentialsLayout.Parse(Path!, Json);

    private static CredentialsLocation? Federated(string? text, string place, string folder) =>
        Named(text) is not { } named ? null
        : named.TrimStart().StartsWith('{') ? new CredentialsLocation($"(JSON in {place})", MayBeUser: false, named)
        : new CredentialsLocation(System.IO.Path.GetFullPath(named, folder), MayBeUser: false);

    private static string GcloudFolder(Func<string, string?> environment) =>
        Named(environment("CLOUDSDK_CONFIG"))
        ?? (OperatingSystem.IsWindows()
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "gcloud")
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "gcloud"));

    private static string? Named(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
