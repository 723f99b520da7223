using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.SQS.Model;
using Etl.Core.Errors;

namespace Etl.Connectors.Aws.Sqs;

/// <summary>SQS's refusals in words that lead on (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html).</summary>
internal static class SqsErrors
{
    /// <summary>The failure; null when it is none of SQS's or of the connection.</summary>
    public static ServiceException? Explain(Exception error, string url, string doing, string permission) => error switch
    {
        QueueDoesNotExistException => Final($"There is no queue {url}. Check its URL (`aws sqs list-queues` shows those there are) and its region.", error),
        AmazonServiceException { ErrorCode: "AccessDenied" or "AccessDeniedException" or "AWS.SimpleQueueService.AccessDenied" } => Final($"AWS does not let this identity have the queue {url} {doing}. It needs {permission} on the queue, which must be a standard queue (`aws sts get-caller-identity` says who it is).", error),
        AmazonServiceException { ErrorCode: "ExpiredToken" or "ExpiredTokenException" } => Final($"The AWS credentials expired before the queue {url} could {doing}. Sign in again (`aws sso login`), or let the machine's own role sign in.", error),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden } denied => Final($"The queue {url} did not {doing}: AWS does not accept the request's signature ({denied.ErrorCode}). Check the AWS credentials in use.", error),
        AmazonServiceException service => new ServiceException($"The queue {url} did not {doing} ({service.ErrorCode}): {service.Message}", IsTransient(service), error),
        AmazonClientException { InnerException: HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException } => Broken(url, doing, error.InnerException!, error),
        AmazonClientException => Final($"The queue {url} was not asked to {doing}: {error.Message} The region is that of the queue's URL or of `sqs: region:`; credentials come from the environment, ~/.aws, or the machine's role.", error),
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => Broken(url, doing, error, error),
        _ => null,
    };

    private static bool IsTransient(AmazonServiceException error) => (int)error.StatusCode >= 500 || error.StatusCode is HttpStatusCode.TooManyRequests || error.Retryable is not null;

    private static ServiceException Broken(string url, string doing, Exception why, Exception error) => new($"SQS could not be reached to have the queue {url} {doing}: {why.Message}", transient: true, error);

    private static ServiceException Final(string message, Exception inner) => new(message, transient: false, inner);
}
