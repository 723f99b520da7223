using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Iam;

namespace Etl.LocalCloud.Host;

/// <summary>The <c>external_account</c> file of the local pool, in the shape that <c>gcloud iam workload-identity-pools create-cred-config --aws</c> writes.</summary>
internal static class CredentialsFile
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static string Write(string folder, LocalCloudEndpoints endpoints, CloudPolicy policy)
    {
        var path = Path.Combine(folder, "wif.json");
        var file = new JsonObject
        {
            ["universe_domain"] = "googleapis.com",
            ["type"] = "external_account",
            ["audience"] = policy.Provider.Audience,
            ["subject_token_type"] = "urn:ietf:params:aws:token-type:aws4_request",
            ["service_account_impersonation_url"] = $"{Base(endpoints.IamCredentials)}/v1/projects/-/serviceAccounts/{policy.ServiceAccount.Email}:generateAccessToken",
            ["token_url"] = $"{Base(endpoints.GoogleSts)}/v1/token",
            ["credential_source"] = new JsonObject
            {
                ["environment_id"] = "aws1",
                ["region_url"] = "http://169.254.169.254/latest/meta-data/placement/availability-zone",
                ["url"] = "http://169.254.169.254/latest/meta-data/iam/security-credentials",
                ["regional_cred_verification_url"] = "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
                ["imdsv2_session_token_url"] = "http://169.254.169.254/latest/api/token",
            },
        };
        File.WriteAllText(path, file.ToJsonString(Readable));
        return path;
    }

    private static string Base(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
