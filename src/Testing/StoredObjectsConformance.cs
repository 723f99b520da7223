using Etl.Core.State;
using Xunit;

namespace Etl.Testing;

/// <summary>What every place for files or documents must do when it is tidied up.</summary>
public static class StoredObjectsConformance
{
    /// <summary>Checks an empty <paramref name="store"/>, to which <paramref name="write"/> writes.</summary>
    public static async Task HoldsAsync(IStoredObjects store, Func<string, byte[], Task> write)
    {
        Assert.Empty(await ListAsync("orders/"));

        await write("orders/run/a", [1]);
        await write("orders/run/deep/b b+表", [1, 2]);
        await write("orders2/c", [3]);
        Assert.Equal([("orders/run/a", 1), ("orders/run/deep/b b+表", 2)], (await ListAsync("orders/")).Select(o => (o.Name, (int)o.Bytes)));
        Assert.All(await ListAsync("orders/"), o => Assert.NotEmpty(o.Version));

        var listed = await ListAsync("orders/run/");
        await write("orders/run/a", [4, 5, 6]);
        foreach (var found in listed) await store.DeleteAsync(found, default);
        Assert.Equal([("orders/run/a", 3)], (await ListAsync("orders/")).Select(o => (o.Name, (int)o.Bytes)));

        foreach (var found in listed.Concat(await ListAsync("orders/"))) await store.DeleteAsync(found, default);
        Assert.Empty(await ListAsync("orders/"));
        Assert.Single(await ListAsync("orders2/"));

        async Task<List<StoredObject>> ListAsync(string prefix) => [.. (await store.ListAsync(prefix, default).ToListAsync()).OrderBy(o => o.Name, StringComparer.Ordinal)];
    }
}
