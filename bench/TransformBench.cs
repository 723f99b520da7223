using System.Diagnostics;
using System.Globalization;
using Apache.Arrow;
using Etl.Bench.Comparing;
using Etl.Bench.Contenders;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Core.Transforms;
using Etl.Csv.Casting;
using Etl.Lookup;
using Etl.Sql;

namespace Etl.Bench;

/// <summary>How fast each transform is by itself, on one thread: the columns of <c>orders</c> are parsed once (for <c>cast</c>, as text) and handed over again and again. Where there is SQL for it, DuckDB does the same with the rows of one table in its memory.</summary>
internal static class TransformBench
{
    private const int ParsedBytes = 64_000_000;
    private const string Casts = "cast: a number, a decimal, a day";
    private static readonly string[] Statuses = ["open", "paid", "shipped", "returned"];

    private static readonly (string Name, ITransform Transform, string? Query)[] Subjects =
    [
        ("select: rename and drop", new SelectTransform(new SelectOptions { Drop = ["note"], Rename = new Dictionary<string, string> { ["email"] = "mail" } }), null),
        ("mask: truncate", new MaskTransform(new MaskOptions { Columns = ["email"], With = MaskMethod.Truncate, Keep = 3 }), null),
        ("mask: sha256 with a salt", new MaskTransform(new MaskOptions { Columns = ["email"], With = MaskMethod.Sha256, Salt = "0123456789abcdef" }), null),
        ("filter: quantity > 2", new FilterTransform(new FilterOptions { Where = "quantity > 2" }), "SELECT * FROM t WHERE quantity > 2"),
        ("filter: on text", new FilterTransform(new FilterOptions { Where = "email LIKE '%7@%'" }), "SELECT * FROM t WHERE email LIKE '%7@%'"),
        ("derive: a total and a domain", new DeriveTransform(new DeriveOptions { Columns = new Dictionary<string, string> { ["total"] = "amount * quantity", ["domain"] = "split_part(email, '@', 2)" } }), "SELECT *, amount * quantity AS total, split_part(email, '@', 2) AS domain FROM t"),
        ("sql: six columns, a condition", new SqlTransform(new SqlOptions { Query = Six("input") }), Six("t")),
        ("deduplicate: by a key", new DeduplicateTransform(new DeduplicateOptions { By = ["order_id"] }), "SELECT DISTINCT ON (order_id) * FROM t"),
        ("deduplicate: by a text", new DeduplicateTransform(new DeduplicateOptions { By = ["customer_code"] }), "SELECT DISTINCT ON (customer_code) * FROM t"),
        ("lookup: a text by a text", new LookupTransform(new LookupOptions { File = LookupFile(), On = new Dictionary<string, string> { ["status"] = "status" }, Take = new Dictionary<string, string> { ["label"] = "label" } }, Environment.CurrentDirectory), "SELECT t.*, label FROM t LEFT JOIN labels USING (status)"),
        (Casts, new CastTransform(new CastOptions { Columns = new Dictionary<string, CastColumnOptions> { ["order_id"] = new() { Type = ColumnType.Int64 }, ["amount"] = new() { Type = ColumnType.Numeric }, ["shipped_on"] = new() { Type = ColumnType.Date } } }), "SELECT * REPLACE (CAST(order_id AS BIGINT) AS order_id, CAST(amount AS DECIMAL(38, 9)) AS amount, CAST(shipped_on AS DATE) AS shipped_on) FROM texts"),
    ];

    /// <summary>Prints a Markdown table of medians.</summary>
    public static async Task RunAsync(string file, int rounds, CancellationToken cancel)
    {
        var schema = await EtlContender.InferAsync(file, cancel).ConfigureAwait(false);
        var (batches, bytes) = await ParseAsync(file, schema, cancel).ConfigureAwait(false);
        var texts = new TableSchema([.. schema.Columns.Select(c => new Core.Schemas.Column(c.Name, ColumnType.String))]);
        var (textBatches, _) = await ParseAsync(file, texts, cancel).ConfigureAwait(false);
        var rows = batches.Sum(b => (long)b.Length);
        using var table = new DuckDbTable(file, rows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows, {bytes / 1e6:f0} MB of CSV, one thread, medians of {rounds}\n\n| transform | Etl, million rows/s | MB/s of CSV | DuckDB, million rows/s | ratio |\n|---|---|---|---|---|"));
        foreach (var (name, transform, query) in Subjects)
        {
            var bound = transform.Bind(name == Casts ? texts : schema);
            var (ours, kept) = Median(rounds, () => Pass(name == Casts ? textBatches : batches, bound.Begin(new TransformInput(file))));
            var theirs = query is null ? (Seconds: double.NaN, Kept: kept) : Median(rounds, () => table.Count(query));
            if (theirs.Kept != kept) throw new ContestFailedException($"{name}: {kept} rows, DuckDB {theirs.Kept}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rows / ours / 1e6:f1} | {bytes / ours / 1e6:f0} | {(query is null ? "" : $"{rows / theirs.Seconds / 1e6:f1}")} | {(query is null ? "" : $"{theirs.Seconds / ours:f2}x")} |"));
        }

        foreach (var batch in batches.Concat(textBatches)) batch.Dispose();
    }

    private static string LookupFile()
    {
        var path = Path.Combine(Path.GetTempPath(), "etl-bench-labels.csv");
        File.WriteAllLines(path, ["status,label", .. Statuses.Select(s => $"{s},the label of {s}")]);
        return path;
    }

    private static string Six(string table) => $"SELECT order_id, customer_code, amount, quantity, status, email FROM {table} WHERE status = 'paid'";

    private static long Pass(List<RecordBatch> batches, Func<RecordBatch, RecordBatch> apply)
    {
        var kept = 0L;
        foreach (var batch in batches)
        {
            using var result = apply(batch.SliceShared(0, batch.Length));
            kept += result.Length;
        }

        return kept;
    }

    private static (double Seconds, long Kept) Median(int rounds, Func<long> pass)
    {
        var kept = pass();
        var seconds = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var clock = Stopwatch.StartNew();
            pass();
            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        seconds.Sort();
        return (seconds[rounds / 2], kept);
    }

    private static async Task<(List<RecordBatch> Batches, long Bytes)> ParseAsync(string file, TableSchema schema, CancellationToken cancel)
    {
        var head = new byte[(int)Math.Min(ParsedBytes, new FileInfo(file).Length)];
        await using (var content = File.OpenRead(file))
            await content.ReadExactlyAsync(head, cancel).ConfigureAwait(false);
        var length = head.AsSpan().LastIndexOf((byte)'\n') + 1;
        var batches = new List<RecordBatch>();
        await foreach (var batch in EtlContender.ParseAsync(new MemoryStream(head, 0, length), schema, cancel).ConfigureAwait(false))
            batches.Add(batch);
        return (batches, length);
    }

    // The same rows in DuckDB's own columns; what a statement gives is made, as a table, and not only counted.
    private sealed class DuckDbTable : IDisposable
    {
        private readonly DuckDB.NET.Data.DuckDBConnection connection = new("DataSource=:memory:;threads=1");

        public DuckDbTable(string file, long rows)
        {
            connection.Open();
            Do(string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE t AS SELECT * FROM read_csv('{file.Replace("'", "''", StringComparison.Ordinal)}') LIMIT {rows}"));
            Do(string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE texts AS SELECT * FROM read_csv('{file.Replace("'", "''", StringComparison.Ordinal)}', all_varchar=true) LIMIT {rows}"));
            Do($"CREATE TABLE labels AS SELECT * FROM (VALUES {string.Join(", ", Statuses.Select(s => $"('{s}', 'the label of {s}')"))}) AS l(status, label)");
        }

        public long Count(string query)
        {
            Do($"CREATE OR REPLACE TEMP TABLE r AS {query}");
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM r";
            return (long)command.ExecuteScalar()!;
        }

        public void Dispose() => connection.Dispose();

        private void Do(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
