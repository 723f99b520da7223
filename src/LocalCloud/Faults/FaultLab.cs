using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Text.Json;
using Etl.LocalCloud.Faults.Effects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Etl.LocalCloud.Faults;

/// <summary>Stands before every service and does what the fault plan says. <c>GET /_etl/faults</c>, at any service, tells what was done.</summary>
public sealed class FaultLab
{
    private const string LogPath = "/_etl/faults";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Dictionary<FaultKind, IFault> Effects = new()
    {
        [FaultKind.Status] = new ErrorAnswer(),
        [FaultKind.ResetBefore] = new ResetBefore(),
        [FaultKind.ResetDuring] = new ResetDuring(),
        [FaultKind.ResetAfter] = new ResetAfter(),
        [FaultKind.Truncate] = new TruncatedAnswer(),
        [FaultKind.CorruptRequest] = new CorruptRequest(),
        [FaultKind.CorruptResponse] = new CorruptAnswer(),
        [FaultKind.Drip] = new DrippingAnswer(),
        [FaultKind.ExpiredToken] = new ExpiredToken(),
        [FaultKind.DuplicateJob] = new DuplicateJob(),
        [FaultKind.FailJob] = new FailedJob(),
    };

    private readonly Lock gate = new();
    private readonly ConcurrentQueue<DoneFault> done = new();
    private readonly StaleListing stale = new();
    private FaultPlan plan;
    private int[] matched;
    private int[] struck;

    internal FaultLab(FaultPlan plan) => (this.plan, matched, struck) = (plan, new int[plan.Rules.Count], new int[plan.Rules.Count]);

    /// <summary>The faults done so far.</summary>
    public IReadOnlyList<DoneFault> Done => [.. done];

    /// <summary>Goes on with another plan, from its beginning; what was done stays noted.</summary>
    public void Use(FaultPlan next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (gate) (plan, matched, struck) = (next, new int[next.Rules.Count], new int[next.Rules.Count]);
    }

    internal RequestDelegate Around(string service, RequestDelegate handler) => context =>
    {
        if (context.Request.Path == LogPath) return AnswerLogAsync(context);
        if (Strike(service, context) is not { } rule) return stale.Remember(service, context, handler);
        done.Enqueue(new DoneFault(rule.Fault, service, context.Request.Method, Target(context)));
        IFault fault = rule.Fault == FaultKind.StaleListing ? stale : Effects[rule.Fault];
        return fault.ApplyAsync(new StruckRequest(service, context, rule), handler);
    };

    private FaultRule? Strike(string service, HttpContext context)
    {
        lock (gate)
            for (var i = 0; i < plan.Rules.Count; i++)
            {
                var rule = plan.Rules[i];
                if (!Matches(rule, service, context)) continue;
                var turn = matched[i]++;
                if (turn < rule.After || struck[i] >= (rule.Count ?? int.MaxValue) || Chance(plan.Seed, i, turn) >= rule.Probability) continue;
                struck[i]++;
                return rule;
            }

        return null;
    }

    private static bool Matches(FaultRule rule, string service, HttpContext context) =>
        (rule.Service is null || rule.Service == service)
        && (rule.Method is null || rule.Method.Equals(context.Request.Method, StringComparison.OrdinalIgnoreCase))
        && (rule.Path is null || FileSystemName.MatchesSimpleExpression(rule.Path, Target(context), ignoreCase: false))
        && (rule.Fault is not (FaultKind.DuplicateJob or FaultKind.FailJob) || (service == "bigquery" && HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Value!.EndsWith("/jobs", StringComparison.Ordinal)))
        && (rule.Fault != FaultKind.StaleListing || StaleListing.IsListing(service, context));

    // By rule and turn alone, so that requests side by side do not change each other's luck.
    private static double Chance(int seed, int rule, int turn) => new Random(unchecked((seed * 1_000_003) + (rule * 8_191) + turn)).NextDouble();

    private static string Target(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private Task AnswerLogAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(Done.Select(d => new { Fault = d.Fault.ToString(), d.Service, d.Method, d.Target }), Json), context.RequestAborted);
    }
}

/// <summary>A fault that was done.</summary>
/// <param name="Fault">What happened.</param>
/// <param name="Service">To a request to which service.</param>
/// <param name="Method">The request's HTTP method.</param>
/// <param name="Target">Its path and query.</param>
public sealed record DoneFault(FaultKind Fault, string Service, string Method, string Target);
