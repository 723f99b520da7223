using Etl.Connectors.Gcp.Federation;
using Etl.Core.Connectors;
using Etl.Core.Errors;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Federation;

public sealed class AccessTokenCacheTests
{
    private readonly FakeTimeProvider time = new();
    private readonly SignIns signIns = new();
    private readonly AccessTokenCache cache;
    private TimeSpan lifetime = TimeSpan.FromHours(1);
    private Exception? failure;
    private TaskCompletionSource? hold;
    private int issued;
    private int underWay;

    public AccessTokenCacheTests() => cache = new AccessTokenCache(IssueAsync, time, signIns, NullLogger.Instance);

    [Theory]
    [InlineData(3600, 5 * 60, 30)]
    [InlineData(600, 150, 30)]
    [InlineData(60, 15, 6)]
    public async Task ATokenIsRenewedAheadOfItsEndWhileTheOldOneServes(int seconds, int lead, int unsafeEnd)
    {
        lifetime = TimeSpan.FromSeconds(seconds);
        Assert.Equal("t1", await GetAsync());
        Assert.Equal([new SignIn("Google Cloud", time.GetUtcNow() + TimeSpan.FromSeconds(seconds - unsafeEnd))], signIns.All);
        time.Advance(TimeSpan.FromSeconds(seconds - lead - 1));
        Assert.Equal(("t1", 1), (await GetAsync(), issued));

        hold = new TaskCompletionSource();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("t1", await GetAsync());
        await RenewalStartedAsync();
        time.Advance(TimeSpan.FromSeconds(lead - unsafeEnd - 1));
        Assert.Equal(("t1", 2), (await GetAsync(), issued));

        time.Advance(TimeSpan.FromSeconds(1));
        var waiting = GetAsync();
        Assert.False(waiting.IsCompleted);
        hold.SetResult();
        Assert.Equal("t2", await waiting);
    }

    [Fact]
    public async Task AHundredThreadsAtTheEndOfATokenShareOneSignIn()
    {
        lifetime = TimeSpan.FromSeconds(60);
        for (var minute = 1; minute <= 120; minute++)
        {
            var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(GetAsync)));
            Assert.All(all, t => Assert.Equal($"t{minute}", t));
            time.Advance(lifetime);
        }

        Assert.Equal(120, issued);
    }

    [Fact]
    public async Task WhenARenewalFailsTheOldTokenServesToItsEndAndAttemptsArePaced()
    {
        lifetime = TimeSpan.FromHours(1);
        await GetAsync();
        failure = new ServiceException("revoked", transient: false);
        time.Advance(TimeSpan.FromMinutes(55));
        for (var i = 0; i < 269; i++)
        {
            Assert.Equal("t1", await GetAsync());
            await SettledAsync();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(issued, 3, 25);
        time.Advance(TimeSpan.FromSeconds(1));
        var before = issued;
        var errors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAsync<ServiceException>(GetAsync)));
        Assert.All(errors, e => Assert.Equal("revoked", e.Message));
        Assert.InRange(issued - before, 1, 20);
    }

    [Fact]
    public async Task ACallerThatGivesUpTakesNobodyElsesSignInAway()
    {
        hold = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        var first = cache.GetAsync(stop.Token).AsTask();
        var second = GetAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        hold.SetResult();
        Assert.Equal(("t1", 1), (await second, issued));
    }

    [Fact]
    public async Task ATokenThatAServiceRefusedIsNotHandedOutAgain()
    {
        Assert.Equal("t1", await GetAsync());
        cache.Reject("t1");
        Assert.Equal("t2", await GetAsync());
        // Late refusals of the old one do not cost another sign-in.
        cache.Reject("t1");
        Assert.Equal(("t2", 2), (await GetAsync(), issued));
    }

    private Task<string> GetAsync() => cache.GetAsync(CancellationToken.None).AsTask();

    private async Task<AccessToken> IssueAsync(CancellationToken cancel)
    {
        var number = Interlocked.Increment(ref issued);
        Assert.Equal(1, Interlocked.Increment(ref underWay));
        try
        {
            if (hold is { } until) await until.Task;
            return failure is null ? new AccessToken($"t{number}", time.GetUtcNow(), lifetime) : throw failure;
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private async Task RenewalStartedAsync()
    {
        while (Volatile.Read(ref underWay) == 0) await Task.Yield();
    }

    private async Task SettledAsync()
    {
        while (cache.IsRenewing) await Task.Yield();
    }
}
