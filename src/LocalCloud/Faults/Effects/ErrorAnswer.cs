using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Answers with an error; the service never hears of the request.</summary>
internal sealed class ErrorAnswer : IFault
{
    public Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        if (request.Rule.RetryAfter is { } seconds) request.Context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Refusals.WriteAsync(request, request.Rule.Status, request.Rule.Reason ?? Reason(request.Service, request.Rule.Status));
    }

    private static string Reason(string service, int status) => (service, status) switch
    {
        ("s3", 503) or ("s3", 429) => "SlowDown",
        ("s3" or "aws-sts", 500) => "InternalError",
        ("s3" or "aws-sts", _) => "ServiceUnavailable",
        (_, 429) => "rateLimitExceeded",
        (_, 500) => "internalError",
        _ => "backendError",
    };
}
