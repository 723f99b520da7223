using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Refuses the credentials as the service does when they expired.</summary>
internal sealed class ExpiredToken : IFault
{
    public Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        if (request.Service is "s3" or "aws-sts") return Refusals.WriteAsync(request, request.Service == "s3" ? 400 : 403, "ExpiredToken", "The provided token has expired.");
        request.Context.Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";
        return Refusals.WriteAsync(request, StatusCodes.Status401Unauthorized, "authError", "Request had invalid authentication credentials.");
    }
}
