using System.Net;
using Google;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>What Google's client libraries throw, for every API alike.</summary>
internal static class ApiRefusals
{
    /// <summary>The service's words.</summary>
    public static string Words(GoogleApiException error) => ServiceCalls.Quote($"HTTP {(int)error.HttpStatusCode}, {error.Error?.Message ?? error.Message}");

    /// <summary>Whether a permission is missing, and not the API itself.</summary>
    public static bool IsDenied(GoogleApiException error) => error.HttpStatusCode == HttpStatusCode.Forbidden && !IsDisabled(error);

    /// <summary>The failure that ends a step; null when the exception is nobody's refusal.</summary>
    public static StepFailedException? Explain(Exception error, string address, CancellationToken cancel) => error switch
    {
        GoogleApiException api when IsDisabled(api) => new StepFailedException(
            DiagnosisCause.ApiDisabled, $"The API {new Uri(address).Host} is not enabled.", Words(api),
            "Enable it in the project that the words name, and wait a minute:", $"$ gcloud services enable {Service(address)} --project=PROJECT"),
        GoogleApiException api => new StepFailedException(DiagnosisCause.ServiceFailed, "Google refused for another reason.", Words(api)),
        HttpRequestException => ServiceCalls.Unreachable(new Uri(address), error),
        TaskCanceledException when !cancel.IsCancellationRequested => ServiceCalls.Unreachable(new Uri(address), error),
        _ => null,
    };

    private static bool IsDisabled(GoogleApiException error) =>
        error.Error?.Errors?.Any(e => e.Reason is "accessNotConfigured" or "SERVICE_DISABLED") == true || (error.Error?.Message ?? "").Contains("has not been used in project", StringComparison.Ordinal);

    private static string Service(string address) => address.Contains("bigquery", StringComparison.Ordinal) ? "bigquery.googleapis.com" : "storage.googleapis.com";
}
