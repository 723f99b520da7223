using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Schemas;
using Etl.TestSupport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Etl.Core.Tests.Engine;

public sealed class MetadataColumnsTests
{
    private readonly PipelineBuilder pipeline = new() { Encoder = new RowEncoder() };

    [Fact]
    public async Task EveryRowSaysWhereItComesFrom()
    {
        pipeline.Source.Put("a.txt", "one\nbad\nthree\n").Put("b.txt", "four\n");
        pipeline.Rejects = RejectLimit.Parse("1", null);
        pipeline.Metadata = MetadataOptions.Usual;

        var summary = await pipeline.RunAsync();

        var run = summary.Run!;
        Assert.Equal(["line", "_etl_object", "_etl_entry", "_etl_line", "_etl_offset", "_etl_run", "_etl_loaded_at"], run.Schema.Columns.Select(c => c.Name));
        var rows = pipeline.Load.Rows.Select(r => r.Split('|')).OrderBy(r => r[4] + r[1], StringComparer.Ordinal).ToList();
        Assert.Equal([["one", "memory://a.txt", "", "1", "0", run.RunId], ["four", "memory://b.txt", "", "1", "0", run.RunId], ["three", "memory://a.txt", "", "3", "8", run.RunId]], rows.Select(r => r[..6]));
        Assert.Single(rows.Select(r => r[6]).Distinct());
    }

    [Fact]
    public async Task StagingAgainAtAnotherTimeGivesTheSameBytes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        pipeline.Time = time;
        pipeline.Source.Put("a.txt", "one\n");
        pipeline.Metadata = new MetadataOptions { LoadedAt = "at" };
        pipeline.Load.BeforeLoad = () => throw new ServiceException("away", transient: false);
        await Assert.ThrowsAsync<ServiceException>(() => pipeline.RunAsync());
        var first = pipeline.Staging.Files.Select(f => (f.Key, Convert.ToHexString(f.Value))).ToList();
        await foreach (var receipt in pipeline.State.ListAsync("lines/runs/", default).Where(d => d.Name.Contains("/receipts/", StringComparison.Ordinal))) await pipeline.State.DeleteAsync(receipt, default);
        await foreach (var file in pipeline.Staging.ListAsync("", default)) await pipeline.Staging.DeleteAsync(file, default);
        pipeline.Load.BeforeLoad = null;
        time.Advance(TimeSpan.FromHours(1));

        await pipeline.RunAsync();

        Assert.Equal(first, pipeline.Staging.Files.Select(f => (f.Key, Convert.ToHexString(f.Value))));
    }

    [Fact]
    public async Task ForItsLinesALargeObjectIsReadInOnePieceAndForItsOffsetsInSeveral()
    {
        pipeline.Source.Put("a.txt", string.Concat(Enumerable.Range(10, 40).Select(i => $"{i}\n")));
        pipeline.SplitBytes = 30;
        pipeline.Metadata = new MetadataOptions { Offset = "at" };
        var offsets = await pipeline.RunAsync();
        Assert.Equal(4, offsets.Run!.Splits.Count);
        Assert.All(pipeline.Load.Rows.Select(r => r.Split('|')), r => Assert.Equal((int.Parse(r[0]) - 10) * 3, int.Parse(r[1])));

        pipeline.Source.Put("b.txt", string.Concat(Enumerable.Range(10, 40).Select(i => $"{i}\n")));
        pipeline.Metadata = new MetadataOptions { Line = "no" };
        pipeline.OptionsDigest = "lines";
        Assert.Single((await pipeline.RunAsync()).Run!.Splits);
    }

    [Fact]
    public async Task AColumnOfTheDataKeepsItsName()
    {
        pipeline.Source.Put("a.txt", "one\n");
        pipeline.Metadata = new MetadataOptions { Object = "Line" };

        Assert.Contains("metadata: object is to be called Line", (await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplacingChangedObjectsTellsTheSinkWhichRowsGo()
    {
        pipeline.Source.Put("a.txt", "one\n").Put("b.txt", "two\n");
        pipeline.Metadata = new MetadataOptions { Object = "_etl_object" };
        pipeline.Incremental = new IncrementalOptions { Changed = ChangedObject.Replace };
        Assert.Null((await pipeline.RunAsync()).Run!.Replaces);
        pipeline.Source.Put("a.txt", "uno\n").Put("c.txt", "three\n");

        var summary = await pipeline.RunAsync();

        Assert.Equal(["memory://a.txt"], summary.Run!.Replaces);
        Assert.Equal(["memory://a.txt", "memory://c.txt"], summary.Run.Splits.Select(s => s.Object.Uri));
        Assert.Contains(summary.Notes, n => n.Contains("its rows take the place of those of then", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithMergeAChangedObjectIsLoadedAgain()
    {
        pipeline.Load.Write = WriteDisposition.Merge;
        pipeline.Source.Put("a.txt", "one\n");
        await pipeline.RunAsync();
        pipeline.Source.Put("a.txt", "uno\n");

        var summary = await pipeline.RunAsync();

        Assert.Null(summary.Run!.Replaces);
        Assert.Contains(summary.Notes, n => n.Contains("loaded again (changed: load)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ARowWithoutAKeyIsNotStaged()
    {
        pipeline.Load.Key = ["line"];
        pipeline.Parser = new NullParser();
        pipeline.Source.Put("a.txt", "one\n");

        Assert.Contains("memory://a.txt has rows without a value in line", (await Assert.ThrowsAsync<DataException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
        Assert.Empty(pipeline.Load.Commits);
    }

    private sealed class NullParser : IParser
    {
        public ValueTask<SchemaProposal> InferAsync(IAsyncEnumerable<Sample> samples, CancellationToken cancel) => new LineParser().InferAsync(samples, cancel);

        public async IAsyncEnumerable<Apache.Arrow.RecordBatch> ParseAsync(SplitInput input, TableSchema schema, IDeadLetters rejects, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.Yield();
            input.Tally.RowsRead = 1;
            yield return new Apache.Arrow.RecordBatch(schema.ToArrow(), [new Apache.Arrow.StringArray.Builder().AppendNull().Build()], 1);
        }
    }
}
