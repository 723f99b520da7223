using Etl.Core.State;
using Etl.Testing;
using Xunit;

namespace Etl.Core.Tests.State;

/// <summary>The fakes that stand for stores in these tests do as the real ones do.</summary>
public sealed class MemoryStoresTests
{
    [Fact]
    public async Task TheStateStoreListsAndRemoves()
    {
        var store = new MemoryStateStore();
        await StoredObjectsConformance.HoldsAsync(store, async (name, content) => await store.WriteAsync(name, content, WriteCondition.Always, default));
    }
}
