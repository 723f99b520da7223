using System.IO.Compression;
using System.Text;
using Xunit;

[assembly: AssemblyFixture(typeof(Etl.TestSupport.PostgresCluster))]
[assembly: AssemblyFixture(typeof(Etl.TestSupport.SshServer))]

namespace Etl.EndToEnd.Tests;

/// <summary>Connectors beyond the main job, by real processes.</summary>
public sealed class ConnectorTests(PostgresCluster postgres, SshServer ssh) : IDisposable
{
    private readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public async Task TheExampleOfEventsEndsInTypedColumns()
    {
        workspace.CopyPipelines();

        var run = await workspace.SucceedAsync("run", "pipelines/events.yaml");
        var again = await workspace.SucceedAsync("run", "pipelines/events.yaml");

        Assert.Contains("10 read = 9 loaded + 1 rejected + 0 filtered", run.Output, StringComparison.Ordinal);
        Assert.Contains("nothing", again.Output + again.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("9007199254740993|2026-11-26 09:03:10.25|1280.500000000|[\"green\"]", Query(workspace.PathOf(".etl", "events.duckdb"), "SELECT concat_ws('|', user_id, \"at\" AT TIME ZONE 'UTC', price, tags) FROM events WHERE id = 'e-002'"));
        Assert.Equal("1", Query(workspace.PathOf(".etl", "events.duckdb"), "SELECT count(*) FROM events WHERE device = '{\"os\":\"iOS\",\"version\":18}'"));
    }

    [Fact]
    public async Task TheExampleOfPostgresIsLoadedOnceAndMergedAfterwards()
    {
        workspace.CopyPipelines();
        var database = await postgres.CreateDatabaseAsync();
        foreach (var (name, value) in new[] { ("PGHOST", await postgres.HostAsync()), ("PGDATABASE", database), ("PGUSER", PostgresCluster.User) }) workspace.Environment[name] = value;

        await workspace.SucceedAsync("run", "pipelines/products-postgres.yaml");
        var rows = await postgres.QueryAsync(database, "SELECT count(*) FROM products");
        await workspace.SucceedAsync("run", "pipelines/products-postgres.yaml");
        workspace.Write("pipelines/data/products/more.csv", "sku,name,category,price_jpy,weight_kg,listed_on,organic\n00017,玄米 5kg,grain,3100,5.0,2025-04-01,true\nX-1,new,tea,1,0.1,2026-01-01,false\n");
        var merged = await workspace.SucceedAsync("run", "pipelines/products-postgres.yaml");

        Assert.Contains("1 rows inserted, 1 updated", merged.Output, StringComparison.Ordinal);
        Assert.Equal(int.Parse(rows) + 1, int.Parse(await postgres.QueryAsync(database, "SELECT count(*) FROM products")));
        Assert.Equal("3100|numeric(38,9)|2", await postgres.QueryAsync(database, "SELECT price, (SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'products'::regclass AND attname = 'weight_kg'), (SELECT count(*) FROM _etl_loads) FROM products WHERE sku = '00017'"));
    }

    [Fact]
    public async Task AQueryOfPostgresIsReadAgainOnlyWhenItsRowsChanged()
    {
        var database = await postgres.CreateDatabaseAsync();
        await postgres.QueryAsync(database, "CREATE TABLE t (id bigint, ok boolean, note text); INSERT INTO t SELECT i, i % 2 = 0, 'note ' || i FROM generate_series(1, 1000) i");
        foreach (var (name, value) in new[] { ("PGHOST", await postgres.HostAsync()), ("PGDATABASE", database), ("PGUSER", PostgresCluster.User) }) workspace.Environment[name] = value;
        workspace.Write("p.yaml", """
            name: copy
            source:
              postgres: { host: "${PGHOST}", database: "${PGDATABASE}", query: "SELECT * FROM t ORDER BY id" }
            transforms:
              - csv: { header: true }
            incremental: objects
            sinks:
              - file: { path: staged }
              - duckdb: { database: t.duckdb, table: t, write: merge, key: [id] }
            """);

        await workspace.SucceedAsync("run", "p.yaml");
        var second = await workspace.SucceedAsync("run", "p.yaml");
        await postgres.QueryAsync(database, "UPDATE t SET note = 'changed' WHERE id = 7");
        var third = await workspace.SucceedAsync("run", "p.yaml");

        Assert.DoesNotContain("1,000 read", second.Output, StringComparison.Ordinal);
        Assert.Contains("1,000 read = 1,000 loaded", third.Output, StringComparison.Ordinal);
        Assert.Equal("500|1|1000", Query(workspace.PathOf("t.duckdb"), "SELECT concat_ws('|', sum(ok::INT), count(*) FILTER (note = 'changed'), count(*)) FROM t"));
    }

    [Fact]
    public async Task ParquetThatWasStagedInCloudStorageIsReadFromThereByItsGenerations()
    {
        workspace.CopyPipelines();
        await workspace.SucceedAsync("run", "pipelines/orders.yaml", "--local");
        workspace.Write("pipelines/again.yaml", """
            name: again
            source:
              gcs: { bucket: acme-staging, prefix: orders/orders/, pattern: "**/*.parquet", required: true }
            transforms:
              - parquet: { columns: [order_id, amount, ordered_at] }
            sinks:
              - gcs: { bucket: acme-staging, prefix: again/ }
              - bigquery: { project: acme-analytics, dataset: sales, table: again }
            """);

        var run = await workspace.SucceedAsync("run", "pipelines/again.yaml", "--local");
        var sums = await workspace.SucceedAsync("query", "SELECT (SELECT SUM(amount) FROM `acme-analytics.sales.orders`) = (SELECT SUM(amount) FROM `acme-analytics.sales.again`) AS same, (SELECT COUNT(*) FROM `acme-analytics.sales.again`) AS n", "--local", "--project", "acme-analytics");

        Assert.Contains("1,098 read = 1,098 loaded + 0 rejected + 0 filtered", run.Output, StringComparison.Ordinal);
        Assert.Contains("true", sums.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task JsonIsConvertedToParquetAndParquetToCsv()
    {
        workspace.Write("a.ndjson", "{\"id\":1,\"at\":\"2026-11-28T09:00:00Z\",\"tags\":[1,2]}\n{\"id\":2.5}\n");

        await workspace.SucceedAsync("convert", "a.ndjson", "a.parquet");
        await workspace.SucceedAsync("convert", "a.parquet", "a.csv");
        var infer = await workspace.SucceedAsync("infer", "a.ndjson");
        var preview = await workspace.SucceedAsync("preview", "a.parquet");

        Assert.Equal("id,at,tags\r\n1,2026-11-28 09:00:00+00:00,\"[1,2]\"\r\n2.5,,\r\n", (await File.ReadAllTextAsync(workspace.PathOf("a.csv"), TestContext.Current.CancellationToken)).ReplaceLineEndings("\r\n"));
        Assert.Contains("every value is an object or a list", infer.Output, StringComparison.Ordinal);
        Assert.Contains("all 2 rows that fit", preview.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WorkbooksInS3EndInBigQueryWithEveryRowCounted()
    {
        workspace.Write("p.yaml", """
            name: books
            source:
              s3: { bucket: acme, prefix: books/, required: true }
            transforms:
              - excel: { sheet: Orders, rejects: { max: 1 } }
            sinks:
              - gcs: { bucket: acme-staging, prefix: books/ }
              - bigquery: { project: acme-analytics, dataset: sales, table: books }
            """);
        var book = await File.ReadAllBytesAsync(Repository.PathOf("tests", "Excel.Tests", "Files", "openpyxl.xlsx"), TestContext.Current.CancellationToken);
        workspace.Write("data/acme/books/plain.xlsx", book);
        using (var gzip = new GZipStream(File.Create(workspace.Write("data/acme/books/packed.xlsx.gz", [])), CompressionLevel.Fastest)) gzip.Write(book);

        var run = await workspace.SucceedAsync("run", "p.yaml", "--local");
        var again = await workspace.SucceedAsync("run", "p.yaml", "--local");
        var sums = await workspace.SucceedAsync("query", "SELECT COUNT(*) AS n, SUM(amount) AS amount, COUNTIF(code = '007') AS codes, MAX(ordered_on) AS latest FROM `acme-analytics.sales.books`", "--local", "--project", "acme-analytics");

        Assert.Contains("6 read = 6 loaded + 0 rejected + 0 filtered", run.Output, StringComparison.Ordinal);
        Assert.Contains("nothing", again.Output + again.Error, StringComparison.OrdinalIgnoreCase);
        foreach (var value in new[] { "6", "2040.4", "2", "2024-12-01" }) Assert.Contains(value, sums.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWorkbookIsKnownByItsBytesAndConvertedPreviewedAndExplained()
    {
        workspace.Write("orders.csv", await File.ReadAllBytesAsync(Repository.PathOf("tests", "Excel.Tests", "Files", "openpyxl.xlsx"), TestContext.Current.CancellationToken));

        await workspace.SucceedAsync("convert", "orders.csv", "orders.parquet");
        var infer = await workspace.SucceedAsync("infer", "orders.csv", "--sheet", "1");
        var preview = await workspace.SucceedAsync("preview", "orders.csv", "--range", "A1:B3");

        Assert.Equal("3|2024-02-29|12A", Query(workspace.PathOf("t.duckdb"), "SELECT concat_ws('|', count(*), max(ordered_on) FILTER (id = 2), max(code) FILTER (id = 2)) FROM '" + workspace.PathOf("orders.parquet") + "'"));
        Assert.Contains("orders.csv!Orders", infer.Output, StringComparison.Ordinal);
        Assert.Contains("DATETIME", infer.Output, StringComparison.Ordinal);
        Assert.Contains("all 2 rows that fit", preview.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesInS3AreTheResultAndAreWrittenOnce()
    {
        workspace.Write("p.yaml", """
            name: lake
            source:
              s3: { bucket: acme, prefix: in/ }
            transforms:
              - csv: { header: true }
            sinks:
              - s3: { bucket: lake, prefix: silver/ }
            """);
        workspace.Write("again.yaml", """
            name: again
            source:
              s3: { bucket: lake, prefix: silver/lake/, pattern: "**/*.parquet", required: true }
            transforms:
              - parquet
            sinks:
              - file: { path: staged }
              - duckdb: { database: t.duckdb, table: t }
            """);
        workspace.Write("data/acme/in/a.csv", "id,note\n1,a\n2,b\n");

        await workspace.SucceedAsync("run", "p.yaml", "--local");
        await workspace.SucceedAsync("run", "p.yaml", "--local");
        workspace.Write("data/acme/in/b.csv", "id,note\n3,c\n");
        await workspace.SucceedAsync("run", "p.yaml", "--local");
        await workspace.SucceedAsync("run", "again.yaml", "--local");

        Assert.Equal("3|2", Query(workspace.PathOf("t.duckdb"), "SELECT concat_ws('|', count(*), max(id) - min(id)) FROM t"));
    }

    [Fact]
    public async Task FilesInFoldersByAColumnAreReadAsHiveFolders()
    {
        workspace.Write("p.yaml", """
            name: lake
            source:
              file: { path: data }
            transforms:
              - csv: { header: true }
            sinks:
              - file: { path: out, partition_by: [place, day] }
            """);
        workspace.Write("data/a.csv", "id,place,day\n1,a/b ü%=,2026-11-01\n2,a/b ü%=,2026-11-02\n3,,2026-11-02\n4,a/b ü%=,2026-11-01\n");

        await workspace.SucceedAsync("run", "p.yaml");
        workspace.Write("data/b.csv", "id,place,day\n5,x,\n");
        var second = await workspace.SucceedAsync("run", "p.yaml");

        Assert.Contains("1 read = 1 staged", second.Output, StringComparison.Ordinal);
        Assert.Equal("a/b ü%=:2026-11-01:1,4;a/b ü%=:2026-11-02:2;x:-:5;-:2026-11-02:3", Query(":memory:", $"""
            SELECT string_agg(concat_ws(':', coalesce(place, '-'), coalesce(day::DATE::VARCHAR, '-'), ids), ';' ORDER BY place NULLS LAST, day)
            FROM (SELECT place, day, string_agg(id, ',' ORDER BY id) AS ids FROM read_parquet('{workspace.PathOf("out")}/lake/**/*.parquet', hive_partitioning = true) GROUP BY ALL)
            """));
    }

    [Theory]
    [InlineData("file: { path: out, partition_by: [day] }\n  - duckdb: { database: t.duckdb, table: t }", "here they are only staged for duckdb")]
    [InlineData("file: { path: out, format: passthrough, partition_by: [day] }", "partition_by needs rows, and format: passthrough copies the bytes")]
    [InlineData("s3: { bucket: acme, partition_by: [day, Day] }", "partition_by names a column twice")]
    [InlineData("gcs: { bucket: acme, partition_by: [day] }\n  - bigquery: { project: acme, dataset: sales, table: t }", "here they are only staged for bigquery")]
    public async Task FoldersByAColumnAreRefusedWhereTheyMakeNoSense(string sinks, string expected)
    {
        workspace.Write("p.yaml", $"name: p\nsource:\n  file: {{ path: data }}\ntransforms:\n  - csv\nsinks:\n  - {sinks}\n");

        var finished = await workspace.EtlAsync("validate", "p.yaml");

        Assert.Equal(2, finished.ExitCode);
        Assert.Contains("p.yaml:7:5: ", finished.Error, StringComparison.Ordinal);
        Assert.Contains(expected, finished.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesOfAnSftpServerAreLoadedOnce()
    {
        await ssh.StartAsync();
        workspace.Write("p.yaml", $$"""
            name: sftp
            source:
              sftp: { host: 127.0.0.1, port: {{ssh.Port}}, user: {{SshServer.User}}, key_file: {{ssh.KeyFile}}, host_key: "{{ssh.Fingerprint}}", folder: {{workspace.PathOf("out")}}, pattern: "**/*.csv.gz" }
            transforms:
              - csv: { header: true, split_size: 1MiB }
            sinks:
              - file: { path: staged }
              - duckdb: { database: t.duckdb, table: t }
            """);
        workspace.Write("out/a.csv.gz", Gzip(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i},note {i}\n").Prepend("id,note\n"))));
        workspace.Write("out/deep/er/b.csv.gz", Gzip("id,note\n-1,é\n"));
        workspace.Write("out/c.csv.gz.part", "half");

        await workspace.SucceedAsync("run", "p.yaml");
        var second = await workspace.SucceedAsync("run", "p.yaml");

        Assert.DoesNotContain("rows", second.Output, StringComparison.Ordinal);
        Assert.Equal("100001|4999949999|é", Query(workspace.PathOf("t.duckdb"), "SELECT concat_ws('|', count(*), sum(id), max(note) FILTER (id = -1)) FROM t"));
    }

    private static byte[] Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static string Query(string database, string sql) => DuckFile.Ask(sql, database);
}
