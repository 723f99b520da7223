using Etl.Connectors.Local.Files;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;
using Etl.TestSupport;
using Npgsql;

namespace Etl.Connectors.Postgres.Tests;

public sealed class PostgresConformance(PostgresCluster cluster) : LoadSinkConformance
{
    private string host = "";
    private string database = "";

    protected override Type OptionsType => typeof(PostgresSinkOptions);

    protected override IReadOnlyList<WriteDisposition> Writes => [WriteDisposition.Append, WriteDisposition.Replace, WriteDisposition.Merge];

    public override async ValueTask InitializeAsync()
    {
        host = await cluster.HostAsync();
        database = await cluster.CreateDatabaseAsync();
    }

    protected override ConnectorContext Context
    {
        get
        {
            var context = base.Context;
            context.Shared<IStagingSink>(c => new FileStagingSink(new FileStagingOptions { Path = "staged" }, c));
            return context;
        }
    }

    protected override ILoadSink CreateSink(WriteDisposition write) =>
        new PostgresSink(new PostgresSinkOptions { Host = host, Database = database, User = PostgresCluster.User, Table = "orders", Write = write, Key = write == WriteDisposition.Merge ? ["id"] : [], Encryption = PostgresEncryption.Disable }, Context);

    protected override async Task<IReadOnlyList<IReadOnlyList<object?>>> ReadAsync(TableSchema schema)
    {
        if ((await ((IDescribedTable)CreateSink(WriteDisposition.Append)).DescribeAsync(Cancel)).Columns is null) return [];
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = host, Database = database, Username = PostgresCluster.User, Timezone = "UTC", Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"SELECT {string.Join(", ", schema.Columns.Select(c => $"\"{c.Name}\"::text"))} FROM orders", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(Cancel)) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }
}
