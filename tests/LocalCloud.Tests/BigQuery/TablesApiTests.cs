using System.Text.Json.Nodes;
using Etl.LocalCloud.BigQuery;
using Etl.LocalCloud.BigQuery.Catalog;
using Xunit;

namespace Etl.LocalCloud.Tests.BigQuery;

/// <summary>Tables whose asker hangs up half-way: they are there or they are not, as BigQuery's are.</summary>
public sealed class TablesApiTests : IAsyncLifetime
{
    private static readonly TableName Name = new("p", "d", "t");
    private readonly string folder = Directory.CreateTempSubdirectory("etl-tables-").FullName;
    private readonly Warehouse warehouse;
    private readonly TableCatalog catalog;
    private readonly TablesApi tables;

    public TablesApiTests()
    {
        warehouse = new Warehouse(folder);
        catalog = new TableCatalog(Path.Combine(folder, "catalog"), createMissing: true, TimeProvider.System);
        tables = new TablesApi(catalog, warehouse);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await warehouse.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task ATableWhoseAskerHungUpCanBeMadeAgain()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tables.InsertAsync("p", "d", Table(), new CancellationToken(canceled: true)));

        Assert.Null(catalog.FindTable(Name));
        Assert.Equal("0", (await tables.InsertAsync("p", "d", Table(), default))["numRows"]!.GetValue<string>());
        Assert.Equal("0", (await tables.GetAsync(Name, default))["numRows"]!.GetValue<string>());
    }

    [Fact]
    public async Task ATableWhoseRemovalWasCutOffIsGoneAndCanBeMadeAgain()
    {
        await tables.InsertAsync("p", "d", Table(), default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tables.RemoveAsync(Name, new CancellationToken(canceled: true)));

        Assert.Null(catalog.FindTable(Name));
        Assert.Equal("0", (await tables.InsertAsync("p", "d", Table(), default))["numRows"]!.GetValue<string>());
    }

    private static JsonObject Table() => new()
    {
        ["tableReference"] = new JsonObject { ["projectId"] = "p", ["datasetId"] = "d", ["tableId"] = "t" },
        ["schema"] = new JsonObject { ["fields"] = new JsonArray(new JsonObject { ["name"] = "id", ["type"] = "INTEGER" }) },
    };
}
