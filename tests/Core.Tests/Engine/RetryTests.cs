using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class RetryTests
{
    private readonly PipelineBuilder pipeline = new() { Time = new ImpatientTime() };
    private int tries;

    public RetryTests() => pipeline.Source.Put("a.txt", "1\n2\n");

    [Fact]
    public async Task WhatStaysBrokenFailsAndSaysHowOftenItWasTried()
    {
        AlwaysBusy();

        var error = await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());

        Assert.Equal(10, tries);
        Assert.Contains("busy It was tried 10 times in", error.Message, StringComparison.Ordinal);
        Assert.Contains("run again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotToBeRepeatedIsTriedOnce()
    {
        pipeline.Staging.OnWrite = _ =>
        {
            tries++;
            throw new ServiceException("forbidden", transient: false);
        };

        Assert.Equal("forbidden", (await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync())).Message);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task ARunRepeatsNoMoreThanItsLimit()
    {
        pipeline.Limits = new LimitOptions { Retries = 3 };
        AlwaysBusy();

        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());

        Assert.Equal(4, tries);
    }

    [Fact]
    public async Task WithNoRetryAllowedTheErrorSaysWhy()
    {
        pipeline.Limits = new LimitOptions { Retries = 0 };
        AlwaysBusy();

        Assert.Contains("limits: retries", (await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARunThatTakesTooLongIsStoppedAndTheNextOneGoesOn()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        (pipeline.Time, pipeline.Limits) = (time, new LimitOptions { Timeout = new Duration(TimeSpan.FromHours(1)) });
        pipeline.Staging.OnWriteAsync = async cancel =>
        {
            time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(Timeout.Infinite, cancel);
        };

        var error = await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        pipeline.Staging.OnWriteAsync = null;
        pipeline.Limits = new LimitOptions();
        await pipeline.RunAsync();

        Assert.Contains("longer than `limits: timeout: 1h`", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], pipeline.Load.Rows.Order());
    }

    private void AlwaysBusy() => pipeline.Staging.OnWrite = _ =>
    {
        tries++;
        throw new ServiceException("busy", transient: true);
    };
}
