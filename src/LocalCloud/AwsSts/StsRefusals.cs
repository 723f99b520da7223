using Etl.LocalCloud.Identity;

namespace Etl.LocalCloud.AwsSts;

/// <summary>STS has other words than S3 for the same refusals (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).</summary>
internal static class StsRefusals
{
    /// <summary>The refusal in STS's words.</summary>
    public static AwsRefusedException Of(AwsRefusedException refusal) => refusal.Code switch
    {
        "InvalidAccessKeyId" or "InvalidToken" => new AwsRefusedException("InvalidClientTokenId", "The security token included in the request is invalid."),
        "ExpiredToken" => new AwsRefusedException("ExpiredToken", "The security token included in the request is expired"),
        "AccessDenied" => new AwsRefusedException("MissingAuthenticationToken", "Request is missing Authentication Token"),
        _ => refusal,
    };
}
