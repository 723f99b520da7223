using System.Net;
using System.Net.Http.Headers;
using Etl.Connectors.Gcp.Federation;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Errors;
using Google;
using Google.Apis.Http;
using Google.Apis.Requests;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

public sealed class RetryAfterTests
{
    private readonly WatchedTime time = new();

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task TheRequestIsSentAgainAfterAsLongAsTheServiceAsked(HttpStatusCode status)
    {
        Assert.True(await HandleAsync(status, new RetryConditionHeaderValue(TimeSpan.FromSeconds(17))));
        Assert.Equal([TimeSpan.FromSeconds(17)], time.Waits);
    }

    [Fact]
    public async Task ADateIsAWaitToo()
    {
        Assert.True(await HandleAsync(HttpStatusCode.ServiceUnavailable, new RetryConditionHeaderValue(time.GetUtcNow().AddSeconds(5))));
        Assert.Equal([TimeSpan.FromSeconds(5)], time.Waits);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, null)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 3600)]
    [InlineData(HttpStatusCode.Forbidden, 1)]
    public async Task OtherwiseItIsLeftToOthers(HttpStatusCode status, int? seconds)
    {
        Assert.False(await HandleAsync(status, seconds is { } s ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(s)) : null));
        Assert.Empty(time.Waits);
    }

    [Theory]
    [InlineData(403, "rateLimitExceeded", true)]
    [InlineData(403, "userRateLimitExceeded", true)]
    [InlineData(403, "quotaExceeded", true)]
    [InlineData(403, "forbidden", false)]
    [InlineData(408, "timeout", true)]
    [InlineData(429, "rateLimitExceeded", true)]
    [InlineData(500, "backendError", true)]
    [InlineData(503, "backendError", true)]
    [InlineData(400, "invalid", false)]
    [InlineData(404, "notFound", false)]
    [InlineData(412, "conditionNotMet", false)]
    public void CloudStoragesErrorsAreRepeatedAsItsDocumentationSays(int status, string reason, bool transient)
    {
        var error = new GoogleApiException("storage", "no") { HttpStatusCode = (HttpStatusCode)status, Error = new RequestError { Message = "no", Errors = [new SingleError { Reason = reason }] } };

        Assert.Equal(transient, Assert.IsType<ServiceException>(GcsErrors.Explain(error, "b", "n", "write")).Transient);
    }

    private async Task<bool> HandleAsync(HttpStatusCode status, RetryConditionHeaderValue? after)
    {
        using var response = new HttpResponseMessage(status);
        response.Headers.RetryAfter = after;
        return await new RetryAfter(time).HandleResponseAsync(new HandleUnsuccessfulResponseArgs { Response = response, TotalTries = 3, CurrentFailedTry = 1 });
    }

    /// <summary>A clock whose waits are over at once and remembered.</summary>
    private sealed class WatchedTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 25, 9, 0, 0, TimeSpan.Zero);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
