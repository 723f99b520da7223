using System.Net;
using Etl.Core.Errors;
using Google;

namespace Etl.Connectors.Gcp.Gcs;

/// <summary>Cloud Storage's refusals in words that lead on. Codes: https://cloud.google.com/storage/docs/json_api/v1/status-codes</summary>
internal static class GcsErrors
{
    public static Exception Explain(Exception error, string bucket, string name, string doing)
    {
        var where = $"gs://{bucket}/{name}";
        return error switch
        {
            EtlException => error,
            // The library could not read the answer, and its message holds all of it.
            GoogleApiException { HttpStatusCode: 0, Error: null } =>
                new ServiceException($"Cloud Storage's answer to the request to {doing} {where} cannot be read.", transient: true, error),
            GoogleApiException api => Explain(api, where, bucket, doing),
            HttpRequestException or IOException or TimeoutException or OperationCanceledException =>
                new ServiceException($"The connection to Cloud Storage broke while it was to {doing} {where}: {error.Message}", transient: true, error),
            _ => error,
        };
    }

    private static ServiceException Explain(GoogleApiException error, string where, string bucket, string doing)
    {
        var said = error.Error?.Message ?? error.Message;
        return error.HttpStatusCode switch
        {
            // https://cloud.google.com/storage/docs/json_api/v1/status-codes: limits of rates come as 403 too.
            HttpStatusCode.Forbidden when error.Error?.Errors?.FirstOrDefault()?.Reason is "rateLimitExceeded" or "userRateLimitExceeded" or "quotaExceeded" =>
                new ServiceException($"Cloud Storage was not able to {doing} {where}, because a limit of the project is reached. {said}", transient: true, error),
            HttpStatusCode.BadRequest when said.Contains("doesn't match calculated", StringComparison.Ordinal) =>
                new ServiceException($"{where} was damaged on its way to Cloud Storage, which refused it. {said}", transient: true, error),
            HttpStatusCode.NotFound => Final($"There is no bucket gs://{bucket}, or this account may not know of it. Make it with `gcloud storage buckets create gs://{bucket} --location=LOCATION`, where LOCATION is the BigQuery dataset's. Cloud Storage said: {said}", error),
            HttpStatusCode.Forbidden => Final($"Cloud Storage does not let the service account {doing} {where}. It needs roles/storage.objectUser on the bucket: `gcloud storage buckets add-iam-policy-binding gs://{bucket} --member=serviceAccount:EMAIL --role=roles/storage.objectUser`. Cloud Storage said: {said}", error),
            HttpStatusCode.Unauthorized => Final($"Cloud Storage does not accept the access token that was to {doing} {where}. Cloud Storage said: {said}", error),
            var status when (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout =>
                new ServiceException($"Cloud Storage was not able to {doing} {where} (HTTP {(int)status}). {said}", transient: true, error),
            var status => Final($"Cloud Storage refused to {doing} {where} (HTTP {(int)status}). {said}", error),
        };
    }

    private static ServiceException Final(string message, Exception inner) => new(message, transient: false, inner);
}
