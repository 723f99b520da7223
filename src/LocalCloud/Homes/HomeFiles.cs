using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Iam;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.Homes;

/// <summary>The files of a place to run in, as the platform's own tools write them.</summary>
/// <param name="folder">Where they are written.</param>
/// <param name="endpoints">The local cloud's services.</param>
/// <param name="policy">The local pool.</param>
/// <param name="federation">The <c>external_account</c> file for AWS.</param>
internal sealed class HomeFiles(string folder, LocalCloudEndpoints endpoints, CloudPolicy policy, string federation)
{
    private const string SsoSession = "local";
    private const string StartUrl = "https://local.awsapps.com/start";

    /// <summary>The <c>external_account</c> file for AWS.</summary>
    public string Federation { get; } = federation;

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A profile with keys, and its region.</summary>
    public Dictionary<string, string> Profile(AwsKey key) => Profiles(Keys("etl", key), $"""
        [profile etl]
        region = {LocalCloudServer.Region}
        """);

    /// <summary>A profile that assumes <paramref name="role"/> with the keys of another.</summary>
    public Dictionary<string, string> AssumeRoleProfile(AwsKey source, string role) => Profiles(Keys("base", source), $"""
        [profile base]
        region = {LocalCloudServer.Region}

        [profile etl]
        region = {LocalCloudServer.Region}
        role_arn = arn:aws:iam::{AwsKey.Account}:role/{role}
        role_session_name = laptop
        source_profile = base
        """);

    /// <summary>A profile of IAM Identity Center, and what <c>aws sso login</c> leaves behind: an access token, here expired, and the means to renew it.</summary>
    public Dictionary<string, string> SsoProfile(SsoService sso, string role)
    {
        var past = DateTimeOffset.UnixEpoch.AddYears(30);
        var cached = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(SsoSession)));
        Write($".aws/sso/cache/{cached}.json", new JsonObject
        {
            ["startUrl"] = StartUrl,
            ["region"] = LocalCloudServer.Region,
            ["accessToken"] = "localsso-expired",
            ["expiresAt"] = Time(past),
            ["clientId"] = sso.Client.Id,
            ["clientSecret"] = sso.Client.Secret,
            ["registrationExpiresAt"] = Time(past.AddYears(100)),
            ["refreshToken"] = sso.RefreshToken,
        }.ToJsonString());
        return Profiles("", $"""
            [sso-session {SsoSession}]
            sso_region = {LocalCloudServer.Region}
            sso_start_url = {StartUrl}
            sso_registration_scopes = sso:account:access

            [profile etl]
            region = {LocalCloudServer.Region}
            sso_session = {SsoSession}
            sso_account_id = {AwsKey.Account}
            sso_role_name = {role}
            """);
    }

    /// <summary>An <c>external_account</c> file for a token in a file.</summary>
    public string TokenFile(string tokenPath) => ExternalAccount("token-file.json", new JsonObject { ["file"] = tokenPath, ["format"] = new JsonObject { ["type"] = "text" } });

    /// <summary>An <c>external_account</c> file as google-github-actions/auth writes it.</summary>
    public string GitHub(Uri service, string requestToken) => ExternalAccount("gha-creds.json", new JsonObject
    {
        ["url"] = $"{service.GetLeftPart(UriPartial.Authority)}/token?api-version=2.0&audience={Uri.EscapeDataString("https:" + policy.Provider.OidcAudience)}",
        ["headers"] = new JsonObject { ["Authorization"] = "Bearer " + requestToken },
        ["format"] = new JsonObject { ["type"] = "json", ["subject_token_field_name"] = "value" },
    });

    /// <summary>What <c>gcloud auth application-default login</c> leaves behind. Returns the home folder.</summary>
    public string Gcloud(GoogleOAuthService service, Uri tokenUri, bool impersonate)
    {
        var person = new JsonObject
        {
            ["type"] = "authorized_user",
            ["client_id"] = service.Client.Id,
            ["client_secret"] = service.Client.Secret,
            ["refresh_token"] = service.RefreshToken,
            ["universe_domain"] = "googleapis.com",
            ["token_uri"] = tokenUri.AbsoluteUri,
        };
        var file = !impersonate ? person : new JsonObject
        {
            ["type"] = "impersonated_service_account",
            ["delegates"] = new JsonArray(),
            ["service_account_impersonation_url"] = ImpersonationUrl,
            ["source_credentials"] = person,
        };
        if (!impersonate) file["quota_project_id"] = "local-project";
        Write(".config/gcloud/application_default_credentials.json", file.ToJsonString());
        return folder;
    }

    private string ImpersonationUrl => $"{endpoints.IamCredentials.GetLeftPart(UriPartial.Authority)}/v1/projects/-/serviceAccounts/{policy.ServiceAccount.Email}:generateAccessToken";

    private string ExternalAccount(string name, JsonObject source) => Write(name, new JsonObject
    {
        ["universe_domain"] = "googleapis.com",
        ["type"] = "external_account",
        ["audience"] = policy.Provider.OidcAudience,
        ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
        ["service_account_impersonation_url"] = ImpersonationUrl,
        ["token_url"] = $"{endpoints.GoogleSts.GetLeftPart(UriPartial.Authority)}/v1/token",
        ["credential_source"] = source,
    }.ToJsonString());

    private Dictionary<string, string> Profiles(string credentials, string config) => new()
    {
        ["HOME"] = folder,
        ["AWS_PROFILE"] = "etl",
        ["AWS_SHARED_CREDENTIALS_FILE"] = Write(".aws/credentials", credentials),
        ["AWS_CONFIG_FILE"] = Write(".aws/config", config),
    };

    private static string Keys(string profile, AwsKey key) => $"""
        [{profile}]
        aws_access_key_id = {key.AccessKeyId}
        aws_secret_access_key = {key.SecretAccessKey}
        aws_session_token = {key.SessionToken}
        """;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
