using System.Text;
using System.Threading.Channels;
using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.Schemas;
using Etl.Testing;
using Etl.TestSupport;
using Xunit;
using Column = Etl.Core.Schemas.Column;

namespace Etl.Core.Tests.Engine;

public sealed class PartitionWriterTests
{
    private readonly PipelineBuilder pipeline = new() { Encoder = new RowEncoder(), Metadata = new MetadataOptions { Line = "at" }, PartitionBy = ["line"] };

    [Fact]
    public async Task EachRowIsInAFileOfItsFolderAndTheReceiptsAddUp()
    {
        pipeline.Source.Put("a.txt", "x\ny\nbad\nx\n").Put("b.txt", "y\n");
        pipeline.Rejects = RejectLimit.Parse("1", null);

        var summary = await pipeline.RunAsync();

        var run = summary.Run!.RunId;
        Assert.Equal(
            [($"lines/line=x/{run}-split-000000-000.txt", "1\n4\n"), ($"lines/line=y/{run}-split-000000-001.txt", "2\n"), ($"lines/line=y/{run}-split-000001-000.txt", "1\n")],
            pipeline.Staging.Files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => (f.Key, Encoding.UTF8.GetString(f.Value))));
        Assert.Equal((5, 4, 1), (summary.Rows.Read, summary.Rows.Staged, summary.Rows.Rejected));
        Assert.Equal(["line=x", "line=y", "line=y"], summary.Receipts.SelectMany(r => r.Files).Select(f => f.Partition));
    }

    [Fact]
    public async Task StagingAgainWritesTheSameFiles()
    {
        pipeline.Source.Put("a.txt", string.Concat(Enumerable.Range(0, 100).Select(i => $"{i % 7}\n")));
        await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(1, 0);
        var first = pipeline.Staging.Files.Select(f => (f.Key, Convert.ToHexString(f.Value))).Order().ToList();
        await foreach (var receipt in pipeline.State.ListAsync("lines/runs/", default).Where(d => d.Name.Contains("/receipts/", StringComparison.Ordinal))) await pipeline.State.DeleteAsync(receipt, default);

        await pipeline.StageAsync(1, 0);
        await pipeline.Engine().CommitAsync(null, default);

        Assert.Equal(7, first.Count);
        Assert.Equal(first, pipeline.Staging.Files.Select(f => (f.Key, Convert.ToHexString(f.Value))).Order());
    }

    [Fact]
    public async Task ACommitMissesAFileThatIsGone()
    {
        pipeline.Source.Put("a.txt", "x\ny\n");
        await pipeline.Engine().OpenAsync(default);
        await pipeline.StageAsync(1, 0);
        await foreach (var file in pipeline.Staging.ListAsync("lines/line=y/", default)) await pipeline.Staging.DeleteAsync(file, default);

        await Assert.ThrowsAsync<NotStagedException>(() => pipeline.Engine().CommitAsync(null, default));
    }

    [Fact]
    public async Task AColumnThatIsNotThereFailsBeforeAnythingIsRead()
    {
        pipeline.Source.Put("a.txt", "x\n");
        pipeline.PartitionBy = ["lien"];

        Assert.Contains("perhaps line", (await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Staging.Files);
    }

    [Fact]
    public async Task WhenMuchIsHeldTheFolderWithMostGetsAFile()
    {
        var schema = new TableSchema([new Column("id", ColumnType.Int64), new Column("name", ColumnType.String)]);
        var few = Batches.Of(schema, Batches.Int64(1, 2, 3), Batches.Text("b", "a", "b"));
        var many = Batches.Of(schema, Batches.Int64([.. Enumerable.Range(0, 200).Select(i => (long?)i)]), Batches.Text([.. Enumerable.Repeat("a", 200)]));

        var files = await WriteAsync(schema, mostBytes: 3000, few, many, Batches.Of(schema, Batches.Int64(9), Batches.Text("a")));

        Assert.Equal(["name=a", "name=a", "name=b"], files.Select(f => f.Partition));
        Assert.Equal([201, 1, 2], files.Select(f => pipeline.Staging.Text(f.Uri).Split('\n').Length - 1));
    }

    [Fact]
    public async Task MoreFoldersThanAnybodyMeansAreRefused()
    {
        var schema = new TableSchema([new Column("id", ColumnType.Int64), new Column("name", ColumnType.String)]);
        var batch = Batches.Of(schema, Batches.Int64(new long?[PartitionWriter.MostFolders + 1]), Batches.Text([.. Enumerable.Range(0, PartitionWriter.MostFolders + 1).Select(i => $"{i}")]));

        var error = await Assert.ThrowsAsync<DataException>(() => WriteAsync(schema, PartitionWriter.HeldBytes, batch));

        Assert.Contains("memory://a.txt belong into more than 10,000 folders by name", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenAFileCannotBeWrittenThatIsWhatFails()
    {
        var failure = new ServiceException("away", transient: false);
        pipeline.Staging.OnWrite = _ => throw failure;
        pipeline.Source.Put("a.txt", "x\ny\n");

        Assert.Same(failure, await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync()));
    }

    private async Task<IReadOnlyList<StagedFile>> WriteAsync(TableSchema schema, long mostBytes, params RecordBatch[] batches)
    {
        var split = new Split(0, new SourceObject("memory://a.txt", "1", 1, default), ByteRange.All);
        var run = new RunManifest
        {
            Pipeline = "lines",
            After = null,
            OptionsDigest = "o",
            SinksDigest = "s",
            SourceSchema = schema,
            Schema = schema,
            Encoding = pipeline.Staging.Encoding,
            PartitionBy = ["name"],
            Splits = [split],
        };
        var channel = Channel.CreateUnbounded<RecordBatch>();
        foreach (var batch in batches) channel.Writer.TryWrite(batch);
        channel.Writer.Complete();
        var progress = new AttemptProgress(new RunProgress(TimeProvider.System), split);
        return await new PartitionWriter(pipeline.Staging, pipeline.Encoder, run, split, progress) { Most = mostBytes }.WriteAsync("split-000000", channel.Reader, default);
    }
}
