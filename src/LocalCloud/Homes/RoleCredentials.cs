using System.Globalization;
using System.Text.Json.Nodes;
using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.Homes;

/// <summary>A role's credentials as the metadata services of AWS write them.</summary>
internal static class RoleCredentials
{
    public static JsonObject Json(AwsKey key) => new()
    {
        ["Code"] = "Success",
        ["Type"] = "AWS-HMAC",
        ["RoleArn"] = $"arn:aws:iam::{AwsKey.Account}:role/{key.Role}",
        ["AccountId"] = AwsKey.Account,
        ["AccessKeyId"] = key.AccessKeyId,
        ["SecretAccessKey"] = key.SecretAccessKey,
        ["Token"] = key.SessionToken,
        ["Expiration"] = key.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
    };
}
