using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Etl.Connectors.Gcp.BigQuery.Client.Data;
using Etl.Core.Errors;
using Google;

namespace Etl.Connectors.Gcp.BigQuery;

/// <summary>BigQuery's refusals in words that lead on. Reasons: https://cloud.google.com/bigquery/docs/error-messages</summary>
internal static partial class BigQueryErrors
{
    private const int MostErrors = 10;
    private const int LongestMessage = 500;

    /// <summary>A call that failed.</summary>
    public static Exception Explain(Exception error, string where, string doing) => error switch
    {
        EtlException => error,
        // The library could not read the answer, and its message holds all of it.
        GoogleApiException { HttpStatusCode: 0, Error: null } =>
            new ServiceException($"BigQuery's answer to the request to {doing} {where} cannot be read.", transient: true, error),
        GoogleApiException api => Explain(api, where, doing),
        HttpRequestException or IOException or TimeoutException or OperationCanceledException =>
            new ServiceException($"The connection to BigQuery broke while it was to {doing} {where}: {error.Message}", transient: true, error),
        _ => error,
    };

    /// <summary>A job that ended with an error.</summary>
    public static EtlException Explain(Job job, string where, string doing = "load")
    {
        var result = job.Status!.ErrorResult!;
        var text = new StringBuilder($"BigQuery could not {doing} {where} (job {job.JobReference!.JobId}, reason {result.Reason}). Nothing of this run was loaded. {Line(result)}");
        var others = (job.Status.Errors ?? []).Select(Line).Where(l => l != Line(result)).Distinct().ToList();
        foreach (var line in others.Take(MostErrors)) text.Append("\n  ").Append(line);
        if (others.Count > MostErrors) text.Append($"\n  and {others.Count - MostErrors} more: bq show --job {job.JobReference.JobId}");
        text.Append('\n').Append(Remedy(result.Reason));
        return result.Reason is "invalid" or "invalidQuery"
            ? new DataException(text.ToString())
            : new ServiceException(text.ToString(), IsTransient(result.Reason));
    }

    private static ServiceException Explain(GoogleApiException error, string where, string doing)
    {
        var reason = error.Error?.Errors?.FirstOrDefault()?.Reason;
        var said = Shown(error.Error?.Message ?? error.Message);
        var transient = IsTransient(reason) || (int)error.HttpStatusCode >= 500 || error.HttpStatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
        return new ServiceException($"BigQuery refused to {doing} {where} (HTTP {(int)error.HttpStatusCode}{(reason is null ? "" : ", " + reason)}). {said} {Remedy(reason)}".TrimEnd(), transient, error);
    }

    /// <summary>Reasons that pass by themselves (https://cloud.google.com/bigquery/docs/error-messages).</summary>
    public static bool IsTransient(string? reason) => reason is "backendError" or "internalError" or "rateLimitExceeded" or "quotaExceeded" or "jobBackendError" or "jobInternalError" or "jobRateLimitExceeded" or "tableUnavailable" or "timeout" or "serviceUnavailable" or "userRateLimitExceeded" or "stopped";

    private static string Remedy(string? reason) => reason switch
    {
        "accessDenied" or "forbidden" => "The service account needs roles/bigquery.jobUser on the project, roles/bigquery.dataEditor on the dataset and roles/storage.objectViewer on the staging bucket.",
        "notFound" => "Check the names of project, dataset and staging bucket, and that bucket and dataset are in locations that go together.",
        "quotaExceeded" or "rateLimitExceeded" => "Etl tries again; when it stays so, look at the project's quotas.",
        "invalid" => "Correct the data or the columns' types in the pipeline's schema, and run again.",
        _ => "",
    };

    private static string Line(ErrorProto error) => error.Location is { Length: > 0 } at ? $"{Shown(error.Message)} (at {at})" : Shown(error.Message);

    /// <summary>BigQuery's message on one line and cut, with the value from the data that it quotes left out.</summary>
    private static string Shown(string? message)
    {
        var text = Value().Replace(Spaces().Replace(message ?? "", " "), "$1 (value left out)");
        return text.Length <= LongestMessage ? text : text[..LongestMessage] + " …";
    }

    [GeneratedRegex(@"(?i)((?:parse|convert|bad|invalid|value)(?: value)?:?) ('[^']*'|""[^""]*"")")]
    private static partial Regex Value();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
