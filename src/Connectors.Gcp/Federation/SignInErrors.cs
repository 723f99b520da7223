using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Etl.Core.Errors;
using Google.Apis.Auth.OAuth2.Responses;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>Refusals of Google's token services in words that lead on (https://cloud.google.com/iam/docs/troubleshooting-workload-identity-federation).</summary>
internal static partial class SignInErrors
{
    private const int Longest = 600;

    /// <summary>A refusal of the federated sign-in that <paramref name="file"/> describes.</summary>
    public static Exception Explain(Exception error, ExternalAccountFile file) =>
        error is TokenResponseException refused && !IsTransient(refused) ? Explain(refused, file) : Explain(error, file.TokenUrl.Host, "the sign-in", $"Check {file.Path}.");

    /// <summary>A failure of any sign-in.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="service">Who was asked.</param>
    /// <param name="what">What was refused.</param>
    /// <param name="remedy">What to do.</param>
    public static Exception Explain(Exception error, string service, string what, string remedy) => error switch
    {
        TokenResponseException refused when IsTransient(refused) => new ServiceException($"Google's token service failed (HTTP {(int)refused.StatusCode!}). {Said(refused)}", transient: true, error),
        TokenResponseException refused => new ServiceException($"Google refused {what}. {remedy} Google said: {Said(refused)}", transient: false, error),
        HttpRequestException or IOException or TimeoutException or OperationCanceledException or InvalidOperationException =>
            new ServiceException($"Google's token service at {service} could not be reached to sign in: {Quote(error.Message)}", transient: true, error),
        JsonException or Newtonsoft.Json.JsonException => new ServiceException($"{service} did not answer as Google does. Is there a proxy or a sign-in page in between?", transient: true, error),
        _ => error,
    };

    private static bool IsTransient(TokenResponseException error) =>
        error.StatusCode is { } status && ((int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout);

    private static string Said(TokenResponseException error) => Quote($"{error.Error?.Error}: {error.Error?.ErrorDescription ?? error.Message}");

    private static ServiceException Explain(TokenResponseException error, ExternalAccountFile file)
    {
        var code = error.Error?.Error ?? "";
        var said = Said(error);
        var account = file.ServiceAccount ?? "the service account";

        // STS (RFC 6749) answers with words, IAM with a number as code.
        var remedy = (code, said) switch
        {
            ("invalid_target", _) => $"The audience {file.Audience} in {file.Path} names no active provider. Check the project number, pool and provider: `gcloud iam workload-identity-pools providers list`.",
            ("unauthorized_client", _) => $"The pool does not accept this AWS identity. Check the provider's AWS account and its attribute condition; `aws sts get-caller-identity` says who this is.",
            (_, var s) when s.Contains("expired", StringComparison.OrdinalIgnoreCase) => "The AWS credentials expired, or this machine's clock is off by over 15 minutes. Sign in to AWS again (`aws sso login`) or set the clock.",
            ("invalid_grant" or "invalid_request", _) => $"Google could not verify the AWS identity. Check that the provider's AWS account is that of `aws sts get-caller-identity`, that the audience {file.Audience} is the provider's, and that AWS_SESSION_TOKEN belongs to the access key.",
            _ when error.StatusCode is HttpStatusCode.Forbidden => $"The AWS role may not act as {account}. Grant it: `gcloud iam service-accounts add-iam-policy-binding {account} --role=roles/iam.workloadIdentityUser --member=principalSet://iam.googleapis.com/{Pool(file.Audience)}/attribute.aws_role/ROLE`. The IAM Service Account Credentials API must be on.",
            _ when error.StatusCode is HttpStatusCode.NotFound => $"There is no service account {account}. Check service_account_impersonation_url in {file.Path}.",
            _ => $"Check {file.Path} against `gcloud iam workload-identity-pools providers describe`.",
        };
        return new ServiceException($"Google refused the sign-in with AWS credentials. {remedy} `etl auth check` walks the sign-in and says which part fails. Google said: {said}", transient: false, error);
    }

    private static string Pool(string audience) => Provider().Replace(audience.Replace("//iam.googleapis.com/", "", StringComparison.Ordinal), "");

    /// <summary>The service's words on one line, cut, with anything that looks like a token left out.</summary>
    private static string Quote(string text)
    {
        var line = Secret().Replace(Spaces().Replace(text, " "), "(left out)");
        return line.Length <= Longest ? line : line[..Longest] + " …";
    }

    [GeneratedRegex("/providers/[^/]+$")]
    private static partial Regex Provider();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(ya29\.|eyJ)[A-Za-z0-9_.-]{20,}|[A-Za-z0-9+=_%]{40,}|[A-Za-z0-9+/=_.%-]{100,}|(?<=Signature=)\w+")]
    private static partial Regex Secret();
}
