using System.Diagnostics;
using Apache.Arrow;
using DuckDB.NET.Data;
using Etl.Connectors.Local.DuckDb;
using Etl.Connectors.Local.Files;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Formats;
using Etl.Testing;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Connectors.Local.Tests;

public sealed class DuckDbSinkTests : IDisposable
{
    private static readonly TableSchema Orders = new([new("id", ColumnType.Int64, Nullable: false), new("note", ColumnType.String)]);
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(StagingFormat.Parquet)]
    [InlineData(StagingFormat.Csv)]
    [InlineData(StagingFormat.Ndjson)]
    public async Task StagedFilesAreLoadedAndASecondCommitLoadsNothing(StagingFormat format)
    {
        var (run, receipts) = await Stage(Orders, "1", format);
        var receipt = await Sink().CommitAsync(run, receipts, CancellationToken.None);
        Assert.Equal(2, receipt.Rows);
        Assert.Equal(receipt, await Sink().CommitAsync(run, receipts, CancellationToken.None));
        Assert.Equal("1|one,2|", Query("SELECT string_agg(id || '|' || coalesce(note, ''), ',' ORDER BY id) FROM orders"));
        Assert.Equal("1", Query("SELECT count(*)::VARCHAR FROM _etl_loads"));
    }

    [Fact]
    public async Task AppendAddsRowsAndReplaceStartsAnew()
    {
        var (first, receipts) = await Stage(Orders, "1");
        await Sink().CommitAsync(first, receipts, CancellationToken.None);
        var (second, more) = await Stage(Orders, "2");
        await Sink().CommitAsync(second, more, CancellationToken.None);
        Assert.Equal("4", Query("SELECT count(*)::VARCHAR FROM orders"));
        var (third, anew) = await Stage(Orders, "3");
        await Sink(WriteDisposition.Replace).CommitAsync(third, anew, CancellationToken.None);
        Assert.Equal("2", Query("SELECT count(*)::VARCHAR FROM orders"));
    }

    [Fact]
    public async Task ANewColumnIsAddedAndOldRowsHaveNoValueInIt()
    {
        var (first, receipts) = await Stage(new TableSchema([Orders.Columns[0], new("old \"quoted\"", ColumnType.String)]), "1");
        await Sink().CommitAsync(first, receipts, CancellationToken.None);
        var (second, more) = await Stage(Orders, "2");
        await Sink().CheckAsync(Run(Orders, "2", StagingFormat.Parquet), CancellationToken.None);
        await Sink().CommitAsync(second, more, CancellationToken.None);
        Assert.Equal("1", Query("SELECT count(note)::VARCHAR FROM orders"));
    }

    [Fact]
    public async Task AColumnOfAnotherTypeIsRefusedAtPlanTime()
    {
        var (run, receipts) = await Stage(Orders, "1");
        await Sink().CommitAsync(run, receipts, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<DataException>(async () =>
            await Sink().CheckAsync(Run(new TableSchema([new Column("ID", ColumnType.Timestamp)]), "2", StagingFormat.Parquet), CancellationToken.None));
        Assert.Contains("BIGINT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAFileIsMissingNothingIsLoadedAndTheRunCanBeAskedForAgain()
    {
        var (run, receipts) = await Stage(Orders, "1");
        var path = new Uri(receipts[0].Files[0].Uri).LocalPath;
        File.Move(path, path + ".away");
        var sink = Sink(WriteDisposition.Replace);
        await Assert.ThrowsAsync<ServiceException>(async () => await sink.CommitAsync(run, receipts, CancellationToken.None));
        File.Move(path + ".away", path);
        Assert.Equal(2, (await sink.CommitAsync(run, receipts, CancellationToken.None)).Rows);
    }

    [Fact]
    public async Task BigNumericInParquetIsRefusedBecauseDuckDbWouldRoundIt()
    {
        var schema = new TableSchema([new("big", ColumnType.BigNumeric)]);
        var failure = await Assert.ThrowsAsync<DataException>(async () => await Sink().CommitAsync(Run(schema, "1", StagingFormat.Parquet), [], CancellationToken.None));
        Assert.Contains("csv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADatabaseOpenInAnotherProcessIsSaidClearly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/python3"), "holding a lock from another process needs Linux and python3");
        var (run, receipts) = await Stage(Orders, "1");
        await Sink().CommitAsync(run, receipts, CancellationToken.None);
        const string hold = "import fcntl,sys; f=open(sys.argv[1],'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()";
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", hold, Path.Combine(folder.Path, "w.duckdb")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("held", await other.StandardOutput.ReadLineAsync());
        var failure = await Assert.ThrowsAsync<ServiceException>(async () => await Sink().CheckAsync(Run(Orders, "2", StagingFormat.Parquet), CancellationToken.None));
        other.StandardInput.Close();
        await other.WaitForExitAsync();
        Assert.True(failure.Transient);
        Assert.Contains("open in another process", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MergeUpdatesRowsWhoseKeyComesAgainAndAddsTheOthers()
    {
        var (first, receipts) = await Stage(Orders, "1");
        await Sink(Merging).CommitAsync(first, receipts, CancellationToken.None);
        Execute("UPDATE orders SET note = 'changed' WHERE id = 1; DELETE FROM orders WHERE id = 2");
        var (second, more) = await Stage(Orders, "2");

        var receipt = await Sink(Merging).CommitAsync(second, more, CancellationToken.None);

        Assert.Equal((2L, new RowChanges(1, 1, 0)), (receipt.Rows, receipt.Changes));
        Assert.Equal(receipt, await Sink(Merging).CommitAsync(second, more, CancellationToken.None));
        Assert.Equal("1|one,2|", Query("SELECT string_agg(id || '|' || coalesce(note, ''), ',' ORDER BY id) FROM orders"));
    }

    [Fact]
    public async Task AKeyThatComesTwiceIsAnErrorUnlessTheLatestIsKnown()
    {
        var (run, receipts) = await Stage(Orders, "1");
        StageReceipt[] twice = [receipts[0] with { Files = [receipts[0].Files[0], receipts[0].Files[0]] }];

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await Sink(Merging).CommitAsync(run, twice, CancellationToken.None));
        var receipt = await Sink(Merging with { LatestBy = "note" }).CommitAsync(run, twice, CancellationToken.None);

        Assert.Contains("set latest_by", error.Message, StringComparison.Ordinal);
        Assert.Equal((4L, new RowChanges(2, 0, 0)), (receipt.Rows, receipt.Changes));
    }

    [Fact]
    public async Task AnOlderRowChangesNothingAndAMarkedOneRemoves()
    {
        var (first, receipts) = await Stage(Orders, "1");
        await Sink().CommitAsync(first, receipts, CancellationToken.None);
        Execute("UPDATE orders SET note = 'z' WHERE id = 1; UPDATE orders SET note = 'a' WHERE id = 2");
        var (second, more) = await Stage(Orders, "2");
        await Sink(Merging with { LatestBy = "note" }).CommitAsync(second, more, CancellationToken.None);
        Assert.Equal("1|z,2|a", Query("SELECT string_agg(id || '|' || note, ',' ORDER BY id) FROM orders"));

        var (third, marked) = await Stage(Orders, "3");
        var receipt = await Sink(Merging with { HardDelete = new HardDeleteOptions { Column = "note", Values = ["one"] } }).CommitAsync(third, marked, CancellationToken.None);
        Assert.Equal(new RowChanges(0, 1, 1), receipt.Changes);
        Assert.Equal("2|", Query("SELECT string_agg(id || '|' || coalesce(note, ''), ',' ORDER BY id) FROM orders"));
    }

    [Fact]
    public async Task RowsOfChangedObjectsAreReplacedAndRowsOfNobodyKnowsAreNotTouched()
    {
        var schema = new TableSchema([Orders.Columns[0], Orders.Columns[1] with { Metadata = RowOrigin.Object }]);
        var (first, receipts) = await Stage(schema, "1");
        await Sink().CommitAsync(first, receipts, CancellationToken.None);
        var (second, more) = await Stage(schema, "2", replaces: ["one"]);

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await Sink().CommitAsync(second, more, CancellationToken.None));
        Execute("UPDATE orders SET note = 'two' WHERE id = 2");
        var receipt = await Sink().CommitAsync(second, more, CancellationToken.None);

        Assert.Contains("rows without a value in note", error.Message, StringComparison.Ordinal);
        Assert.Equal((2L, new RowChanges(2, 0, 1)), (receipt.Rows, receipt.Changes));
        Assert.Equal("1|one,2|,2|two", Query("SELECT string_agg(id || '|' || coalesce(note, ''), ',' ORDER BY id, note NULLS FIRST) FROM orders"));
    }

    [Fact]
    public void PartitionsAreRefusedBecauseThereAreNone()
    {
        var options = new DuckDbOptions { Database = "w.duckdb", Table = "orders", Write = WriteDisposition.ReplacePartitions };
        Assert.Contains("no partitions", Assert.Single(options.Validate(new System.ComponentModel.DataAnnotations.ValidationContext(options))).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryConnectorIsRegistered() => Assert.Equal(
        ["Source file", "StagingSink file", "LoadSink duckdb", "StateStore folder"],
        LocalConnectors.Register(new ConnectorRegistry()).Connectors.Select(c => $"{c.Kind} {c.Name}"));

    private static DuckDbOptions Merging => new() { Database = "w.duckdb", Table = "orders", Write = WriteDisposition.Merge, Key = ["id"] };

    private DuckDbSink Sink(DuckDbOptions options) => new(options, folder.Context);

    private DuckDbSink Sink(WriteDisposition write = WriteDisposition.Append) => new(new DuckDbOptions { Database = "w.duckdb", Table = "orders", Write = write }, folder.Context);

    private static RunManifest Run(TableSchema schema, string id, StagingFormat format, IReadOnlyList<string>? replaces = null) =>
        StagedRun.Plan(id, schema, new StagingEncoding(format, StagingCompression.Auto), replaces: replaces);

    private async Task<(RunManifest Run, StageReceipt[] Receipts)> Stage(TableSchema schema, string id, StagingFormat format = StagingFormat.Parquet, IReadOnlyList<string>? replaces = null)
    {
        var run = Run(schema, id, format, replaces);
        var encoder = EncoderFactory.Create(run.Encoding);
        var content = new MemoryStream();
        var batch = new RecordBatch(schema.ToArrow(), [new Int64Array.Builder().Append(1).Append(2).Build(), new StringArray.Builder().Append("one").AppendNull().Build()], 2);
        await encoder.EncodeAsync(new[] { batch }.ToAsyncEnumerable(), schema, content, CancellationToken.None);
        content.Position = 0;
        var file = await new FileStagingSink(new FileStagingOptions { Path = "it's [staged]" }, folder.Context).WriteAsync($"{run.RunId}{encoder.Extension}", content, CancellationToken.None);
        return (run, [StagedRun.Receipt(0, file, 2)]);
    }

    private void Execute(string sql)
    {
        using var connection = new DuckDBConnection($"DataSource={Path.Combine(folder.Path, "w.duckdb")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private string? Query(string sql)
    {
        using var connection = new DuckDBConnection($"DataSource={Path.Combine(folder.Path, "w.duckdb")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() as string;
    }
}
