using Microsoft.AspNetCore.Http;

namespace Etl.LocalCloud.Faults;

/// <summary>One way in which a request goes wrong. Called concurrently.</summary>
internal interface IFault
{
    /// <summary>Lets it go wrong.</summary>
    /// <param name="request">The request and the rule that struck it.</param>
    /// <param name="next">The service.</param>
    Task ApplyAsync(StruckRequest request, RequestDelegate next);
}

/// <summary>A request that a rule struck.</summary>
/// <param name="Service">The service it is for.</param>
/// <param name="Context">The request.</param>
/// <param name="Rule">The rule.</param>
internal sealed record StruckRequest(string Service, HttpContext Context, FaultRule Rule);
