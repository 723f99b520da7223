using System.Text;
using Etl.Connectors.Gcp.Gcs;
using Etl.Core.Errors;
using Etl.Core.State;
using Etl.Testing;
using Xunit;

namespace Etl.Connectors.Gcp.Tests.Gcs;

public sealed class GcsStateStoreTests : Cloud
{
    [Fact]
    public async Task WhatIsWrittenIsReadWithItsVersion()
    {
        using var store = Store();
        Assert.Null(await store.ReadAsync("orders/state.json", default));
        var version = await store.WriteAsync("orders/state.json", Encoding.UTF8.GetBytes("{}"), WriteCondition.Create, default);

        var read = await store.ReadAsync("orders/state.json", default);
        Assert.Equal("{}", Encoding.UTF8.GetString(read!.Content.Span));
        Assert.Equal(version, read.Version);
        Assert.Contains("state/orders/state.json", Google.Objects.Keys);
    }

    [Fact]
    public async Task TheSecondWriterOfAVersionLoses()
    {
        using var store = Store();
        var first = await store.WriteAsync("s", Encoding.UTF8.GetBytes("1"), WriteCondition.Create, default);
        await store.WriteAsync("s", Encoding.UTF8.GetBytes("2"), WriteCondition.IfVersion(first), default);

        var error = await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("s", Encoding.UTF8.GetBytes("3"), WriteCondition.IfVersion(first), default));
        Assert.Equal("s", error.Name);
        await Assert.ThrowsAsync<StateConflictException>(async () => await store.WriteAsync("s", Encoding.UTF8.GetBytes("3"), WriteCondition.Create, default));
        Assert.Equal("2", Encoding.UTF8.GetString((await store.ReadAsync("s", default))!.Content.Span));
        await store.WriteAsync("s", Encoding.UTF8.GetBytes("4"), WriteCondition.Always, default);
        Assert.Equal("4", Encoding.UTF8.GetString((await store.ReadAsync("s", default))!.Content.Span));
    }

    [Fact]
    public async Task ADocumentThatIsDamagedOnItsWayDoesNotReplaceTheOldOne()
    {
        using var store = Store();
        var version = await store.WriteAsync("s", Encoding.UTF8.GetBytes("old"), WriteCondition.Create, default);
        Google.Damages = 1;

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await store.WriteAsync("s", Encoding.UTF8.GetBytes("new"), WriteCondition.IfVersion(version), default));

        Assert.True(error.Transient, error.Message);
        Assert.Equal("old", Encoding.UTF8.GetString((await store.ReadAsync("s", default))!.Content.Span));
        await store.WriteAsync("s", Encoding.UTF8.GetBytes("new"), WriteCondition.IfVersion(version), default);
    }

    [Fact]
    public async Task AMissingBucketIsNotAMissingDocument()
    {
        using var store = new GcsStateStore(new GcsStateOptions { Bucket = "typo" }, Context());
        await Assert.ThrowsAsync<ServiceException>(async () => await store.ReadAsync("s", default));
    }

    private GcsStateStore Store() => new(new GcsStateOptions { Bucket = "staging", Prefix = "state/" }, Context());

    [Fact]
    public async Task DocumentsAreListedAndRemoved()
    {
        using var store = Store();
        await StoredObjectsConformance.HoldsAsync(store, async (name, content) => await store.WriteAsync(name, content, WriteCondition.Always, default));
    }

    [Fact]
    public async Task AListingOfAMissingBucketSaysSo()
    {
        using var store = new GcsStateStore(new GcsStateOptions { Bucket = "typo" }, Context());
        await Assert.ThrowsAsync<ServiceException>(async () => await store.ListAsync("orders/", default).ToListAsync());
    }
}
