using Etl.LocalCloud.BigQuery;
using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults.Effects;

/// <summary>Lets the job start and marks it: it fails once its rows are written, before they are committed.</summary>
internal sealed class FailedJob : IFault
{
    public Task ApplyAsync(StruckRequest request, RequestDelegate next)
    {
        request.Context.Features.Set(new JobFailure(request.Rule.Reason ?? "backendError"));
        return next(request.Context);
    }
}

/// <summary>The reason for which the job that a request starts fails.</summary>
internal sealed record JobFailure(string Reason)
{
    /// <summary>What is thrown once the work is done and not yet committed.</summary>
    public BigQueryRefusedException Refusal() => new(500, Reason, "The fault plan says that this job fails.");
}
