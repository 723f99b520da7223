using System.Text.Json;
using System.Text.Json.Nodes;

namespace Etl.Connectors.Gcp.Setup;

/// <summary>The two files without a secret: how to sign in to Google, and what the role may do at AWS.</summary>
public static class SetupFiles
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The <c>external_account</c> file, as <c>gcloud iam workload-identity-pools create-cred-config --aws --enable-imdsv2</c> writes it.</summary>
    public static string Credentials(SetupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new JsonObject
        {
            ["universe_domain"] = "googleapis.com",
            ["type"] = "external_account",
            ["audience"] = plan.Audience,
            ["subject_token_type"] = "urn:ietf:params:aws:token-type:aws4_request",
            ["token_url"] = "https://sts.googleapis.com/v1/token",
            ["credential_source"] = new JsonObject
            {
                ["environment_id"] = "aws1",
                ["region_url"] = "http://169.254.169.254/latest/meta-data/placement/availability-zone",
                ["url"] = "http://169.254.169.254/latest/meta-data/iam/security-credentials",
                ["regional_cred_verification_url"] = $"https://sts.{{region}}.{(plan.Role.Partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com")}?Action=GetCallerIdentity&Version=2011-06-15",
                ["imdsv2_session_token_url"] = "http://169.254.169.254/latest/api/token",
            },
            ["service_account_impersonation_url"] = $"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{plan.Email}:generateAccessToken",
        }.ToJsonString(Readable) + "\n";
    }

    /// <summary>The policy of the role at AWS: list the source's prefix, read its objects. GetCallerIdentity takes no permission.</summary>
    public static string AwsPolicy(SetupPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var bucket = $"arn:{plan.Role.Partition}:s3:::{plan.SourceBucket}";
        // In a policy these characters mean something, unless they are written so (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars).
        var prefix = plan.SourcePrefix.Replace("$", "${$}", StringComparison.Ordinal).Replace("*", "${*}", StringComparison.Ordinal).Replace("?", "${?}", StringComparison.Ordinal);
        var list = new JsonObject { ["Sid"] = "ListSource", ["Effect"] = "Allow", ["Action"] = "s3:ListBucket", ["Resource"] = bucket };
        if (plan.SourcePrefix.Length > 0) list["Condition"] = new JsonObject { ["StringLike"] = new JsonObject { ["s3:prefix"] = prefix + "*" } };
        return new JsonObject
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(list, new JsonObject { ["Sid"] = "ReadSource", ["Effect"] = "Allow", ["Action"] = "s3:GetObject", ["Resource"] = $"{bucket}/{prefix}*" }),
        }.ToJsonString(Readable) + "\n";
    }
}
