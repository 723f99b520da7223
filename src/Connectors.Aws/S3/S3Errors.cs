using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.S3;

/// <summary>S3's refusals in words that lead on. Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html</summary>
internal static class S3Errors
{
    public static Exception Explain(Exception error, string bucket, string? key, string doing)
    {
        var where = key is null ? $"s3://{bucket}" : $"s3://{bucket}/{key}";
        return error switch
        {
            AmazonServiceException { StatusCode: HttpStatusCode.PreconditionFailed } => new ObjectChangedException(where, error),
            AmazonServiceException { ErrorCode: "NoSuchKey" or "NoSuchVersion" } => new ObjectChangedException(where, error),
            AmazonServiceException { StatusCode: HttpStatusCode.NotFound } when key is not null && !IsCode(error, "NoSuchBucket") => new ObjectChangedException(where, error),
            AmazonServiceException service => Explain(service, where, bucket, key, doing),
            AmazonClientException client => Explain(client, where, doing),
            System.Xml.XmlException =>
                new ServiceException($"S3's answer to the request to {doing} {where} cannot be read: {error.Message}", transient: true, error),
            HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException =>
                new ServiceException($"The connection to S3 broke while it was to {doing} {where}: {error.Message}", transient: true, error),
            _ => error,
        };
    }

    private static ServiceException Explain(AmazonServiceException error, string where, string bucket, string? key, string doing) => error.ErrorCode switch
    {
        "NoSuchBucket" => Final($"There is no bucket {bucket}. Check its spelling and the account and endpoint in use; `aws s3 ls` shows the buckets there are.", error),
        "AccessDenied" or "AllAccessDisabled" or "Forbidden" => Final(
            key is null
                ? $"AWS does not let this identity list {where}. It needs s3:ListBucket on arn:aws:s3:::{bucket} (`aws sts get-caller-identity` says who it is). S3 said: {error.Message}"
                : $"AWS does not let this identity {doing} {where}. It needs {(doing == "write" ? "s3:PutObject" : doing == "delete" ? "s3:DeleteObject" : "s3:GetObject")} on arn:aws:s3:::{bucket}/*, and {(doing == "write" ? "kms:GenerateDataKey" : "kms:Decrypt")} when the bucket is encrypted with a key of its own (`aws sts get-caller-identity` says who it is). S3 said: {error.Message}",
            error),
        "ExpiredToken" or "ExpiredTokenException" or "TokenRefreshRequired" => Final($"The AWS credentials expired before S3 could {doing} {where}. Sign in again (`aws sso login`), or let the machine's own role sign in.", error),
        "InvalidAccessKeyId" or "InvalidClientTokenId" or "UnrecognizedClientException" => Final($"S3 does not know the AWS access key that was to {doing} {where}. Check AWS_ACCESS_KEY_ID and AWS_PROFILE: the key may be deleted, or belong to another endpoint.", error),
        "InvalidToken" => Final($"S3 does not accept the AWS session token that was to {doing} {where}. Check that AWS_SESSION_TOKEN belongs to the access key.", error),
        "SignatureDoesNotMatch" => Final($"S3 could not verify the signature of the request to {doing} {where}: the secret key does not belong to the access key. Check AWS_SECRET_ACCESS_KEY for a missing or extra character.", error),
        "RequestTimeTooSkewed" => Final($"This machine's clock differs from S3's by over 15 minutes, so S3 refused to {doing} {where}. Set the clock.", error),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" or "TemporaryRedirect" =>
            Final($"The bucket {bucket} is in another region. Put its region under `s3: region:` (`aws s3api get-bucket-location --bucket {bucket}` says which). S3 said: {error.Message}", error),
        "InvalidObjectState" => Final($"{where} is in an archive (Glacier) and must be restored before it can be read: `aws s3api restore-object`.", error),
        _ when IsTransient(error) => new ServiceException($"S3 was not able to {doing} {where} ({Code(error)}). {error.Message}", transient: true, error),
        _ => Final($"S3 refused to {doing} {where} ({Code(error)}). {error.Message}", error),
    };

    private static ServiceException Explain(AmazonClientException error, string where, string doing)
    {
        var text = error.Message;
        if (text.Contains("region", StringComparison.OrdinalIgnoreCase) && text.Contains("configured", StringComparison.OrdinalIgnoreCase))
            return Final($"No AWS region is set, so {where} cannot be reached. Put it under `s3: region:`, or set AWS_REGION.", error);
        if (text.Contains("credentials", StringComparison.OrdinalIgnoreCase) || text.Contains("IMDS", StringComparison.Ordinal))
            return Final($"No AWS credentials were found to {doing} {where}. The SDK looked in the environment (AWS_ACCESS_KEY_ID), a web identity token (AWS_WEB_IDENTITY_TOKEN_FILE), ~/.aws/config and ~/.aws/credentials (AWS_PROFILE), the container's endpoint (ECS, EKS Pod Identity) and the instance's role (IMDS). On a laptop run `aws sso login` and set AWS_PROFILE; on AWS give the task or instance a role.", error);
        if (error.InnerException is HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException)
            return new ServiceException($"S3 could not be reached to {doing} {where}: {error.InnerException.Message}", transient: true, error);
        return Final($"The AWS SDK could not {doing} {where}: {text}", error);
    }

    private static bool IsTransient(AmazonServiceException error) =>
        (int)error.StatusCode >= 500 || error.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || error.ErrorCode is "SlowDown" or "RequestTimeout" or "InternalError" or "ServiceUnavailable" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded"
        || error.Retryable is not null
        || (error.StatusCode == 0 && error.InnerException is HttpRequestException or IOException or OperationCanceledException);

    private static bool IsCode(Exception error, string code) => error is AmazonServiceException service && service.ErrorCode == code;

    private static string Code(AmazonServiceException error) =>
        string.IsNullOrEmpty(error.ErrorCode) ? $"HTTP {(int)error.StatusCode}" : $"{error.ErrorCode}, HTTP {(int)error.StatusCode}";

    private static ServiceException Final(string message, Exception inner) => new(message, transient: false, inner);
}
