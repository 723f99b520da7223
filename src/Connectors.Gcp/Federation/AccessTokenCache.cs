using Etl.Core.Connectors;
using Etl.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The one token of a run. However many ask, one sign-in is under way at a time; it is renewed while the old one still serves, so nobody waits for a renewal that works. (The library's own cache does not use a token's last five minutes, so of a short one it keeps nothing and signs in for each request.)</summary>
/// <param name="issue">Signs in; never called while a call is under way.</param>
/// <param name="time">The clock.</param>
/// <param name="signIns">Where sign-ins are noted; never the token.</param>
/// <param name="log">Where they are logged.</param>
internal sealed partial class AccessTokenCache(Func<CancellationToken, Task<AccessToken>> issue, TimeProvider time, SignIns signIns, ILogger log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private AccessToken? current;
    private Task<AccessToken>? renewal;
    private DateTimeOffset pausedUntil;

    /// <summary>Whether a sign-in is under way.</summary>
    public bool IsRenewing
    {
        get
        {
            lock (gate) return renewal is not null;
        }
    }

    /// <summary>A token that is good now.</summary>
    /// <exception cref="Exception">The sign-in failed; the next call tries again.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancel)
    {
        Task<AccessToken> wait;
        lock (gate)
        {
            var now = time.GetUtcNow();
            var usable = current is not null && now < current.UsableUntil;
            if (usable && (now < current!.RenewFrom || now < pausedUntil)) return current.Value;
            renewal ??= Task.Run(RenewAsync, CancellationToken.None);
            if (usable) return current!.Value;
            wait = renewal;
        }

        return (await wait.WaitAsync(cancel).ConfigureAwait(false)).Value;
    }

    /// <summary>A service did not accept <paramref name="token"/>: the next call gets another.</summary>
    public void Reject(string? token)
    {
        lock (gate)
        {
            if (current?.Value == token) current = null;
        }
    }

    // It belongs to no caller, so no caller's cancellation ends it for the others.
    private async Task<AccessToken> RenewAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var token = await issue(patience.Token).ConfigureAwait(false);
            lock (gate)
            {
                (current, renewal) = (token, null);
            }

            RunTelemetry.TokenAsked(obtained: true);
            signIns.Note("Google Cloud", token.UsableUntil);
            SignedIn(token.UsableUntil);
            return token;
        }
        catch (Exception e)
        {
            RunTelemetry.TokenAsked(obtained: false);
            lock (gate)
            {
                renewal = null;
                var now = time.GetUtcNow();
                // The old one still serves for a while: some more attempts fit in.
                if (current is { } old && now < old.UsableUntil)
                {
                    pausedUntil = now + Longer(ShortestPause, (old.UsableUntil - now) / 4);
                    RenewalFailed(old.UsableUntil, pausedUntil, e.Message);
                }
            }

            if (e is OperationCanceledException && patience.IsCancellationRequested)
                throw new TimeoutException($"No answer within {Patience.TotalSeconds:0} seconds.", e);
            throw;
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    [LoggerMessage(Level = LogLevel.Information, Message = "Signed in to Google Cloud; the token serves until {Until:u}")]
    private partial void SignedIn(DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Google token could not be renewed; the old one serves until {Until:u} and the next attempt is at {Next:u}. {Problem}")]
    private partial void RenewalFailed(DateTimeOffset until, DateTimeOffset next, string problem);
}
