using Apache.Arrow;
using Etl.Connectors.Local.Files;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Csv;
using Etl.Formats;
using Etl.Testing;
using Etl.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Etl.Connectors.Postgres.Tests;

/// <summary>A database of its own, and a folder to stage runs in.</summary>
internal sealed class Warehouse : IDisposable
{
    private readonly PostgresCluster cluster;
    private readonly string folder = Directory.CreateTempSubdirectory("etl-pg-").FullName;
    private int runs;

    private Warehouse(PostgresCluster cluster, string host, string database) => (this.cluster, Host, Database) = (cluster, host, database);

    public string Host { get; }

    public string Database { get; }

    public static async Task<Warehouse> CreateAsync(PostgresCluster cluster) => new(cluster, await cluster.HostAsync(), await cluster.CreateDatabaseAsync());

    public PostgresSinkOptions Options(WriteDisposition write = WriteDisposition.Append) => new() { Host = Host, Database = Database, User = PostgresCluster.User, Table = "orders", Write = write, Encryption = PostgresEncryption.Disable };

    public PostgresSink Sink(PostgresSinkOptions? options = null) => new(options ?? Options(), Context());

    public PostgresSource Source(string? table = null, string? query = null) => new(new PostgresSourceOptions { Host = Host, Database = Database, User = PostgresCluster.User, Table = table, Query = query, Encryption = PostgresEncryption.Disable });

    public Task<string> QueryAsync(string sql) => cluster.QueryAsync(Database, sql);

    public ConnectorContext Context()
    {
        var context = new ConnectorContext("test", folder, local: false, TimeProvider.System, NullLoggerFactory.Instance, new Dictionary<Type, object>());
        context.Shared<IStagingSink>(c => new FileStagingSink(new FileStagingOptions { Path = "staged" }, c));
        return context;
    }

    /// <summary>A run of these columns.</summary>
    public static RunManifest Run(TableSchema schema, string id = "1", StagingFormat format = StagingFormat.Parquet, IReadOnlyList<string>? replaces = null) =>
        StagedRun.Plan(id, schema, new StagingEncoding(format, StagingCompression.Auto), replaces: replaces);

    /// <summary>Stages the rows of a CSV text.</summary>
    public async Task<(RunManifest Run, IReadOnlyList<StageReceipt> Receipts)> StageAsync(TableSchema schema, string csv, IReadOnlyList<string>? replaces = null)
    {
        var id = (++runs).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var run = Run(schema, id, replaces: replaces);
        var bytes = System.Text.Encoding.UTF8.GetBytes(csv);
        var input = new SplitInput(new SourceObject("memory://a.csv", "1", bytes.Length, default), null, new MemoryStream(bytes), new ParseTally());
        var parsed = new List<RecordBatch>();
        await foreach (var batch in new CsvParser(new CsvOptions()).ParseAsync(input, schema, new NoRejects(), TestContext.Current.CancellationToken)) parsed.Add(batch);
        var rows = parsed.Sum(b => b.Length);
        using var file = new MemoryStream();
        await EncoderFactory.Create(run.Encoding).EncodeAsync(parsed.ToAsyncEnumerable(), schema, file, TestContext.Current.CancellationToken);
        file.Position = 0;
        var staged = await Context().Shared<IStagingSink>(_ => null!).WriteAsync($"p/{run.RunId}/split-000000-000.parquet", file, TestContext.Current.CancellationToken);
        return (run, [StagedRun.Receipt(0, staged, rows)]);
    }

    /// <summary>Stages the rows of a CSV text and loads them.</summary>
    public async Task<LoadReceipt> LoadAsync(TableSchema schema, string csv, PostgresSinkOptions? options = null, IReadOnlyList<string>? replaces = null)
    {
        var (run, receipts) = await StageAsync(schema, csv, replaces);
        await Sink(options).CheckAsync(run, TestContext.Current.CancellationToken);
        return await Sink(options).CommitAsync(run, receipts, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private sealed class NoRejects : IDeadLetters
    {
        public ValueTask RejectAsync(Reject reject, CancellationToken cancel) => throw new InvalidOperationException(reject.Reason);
    }
}
