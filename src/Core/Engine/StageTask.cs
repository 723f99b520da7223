using System.Globalization;
using System.Threading.Channels;
using Apache.Arrow;
using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Core.Statistics;
using Etl.Core.Telemetry;

namespace Etl.Core.Engine;

/// <summary>Stages one split: open → decompress → parse → transform → encode → upload, all overlapping, then the receipt. Runs anywhere, in any order, more than once.</summary>
internal sealed class StageTask(Pipeline pipeline, RunManifest run, IReadOnlyList<BoundTransform> transforms, MetadataColumns metadata, RunRecords records, RejectBudget budget, AttemptProgress progress)
{
    /// <summary>The split's receipt: the one already there, or a new one; or the failure when the data is wrong as read from a place where a record's start was a guess.</summary>
    public async Task<StagedSplit> RunAsync(Split split, CancellationToken cancel)
    {
        if (await records.ReadReceiptAsync(run.RunId, split.Index, cancel).ConfigureAwait(false) is { } found)
        {
            progress.Found(found);
            return new StagedSplit(found, null);
        }

        try
        {
            return new StagedSplit(await StageAsync(split, null, cancel).ConfigureAwait(false), null);
        }
        catch (DataException e) when (split.Range.Offset > 0 && e is not ObjectChangedException)
        {
            return new StagedSplit(null, e.Message);
        }
    }

    /// <summary>Stages a split, whether or not it was staged before, from where a record is known to start.</summary>
    public Task<StageReceipt> CorrectAsync(Split split, SplitStart start, CancellationToken cancel) => StageAsync(split, start, cancel);

    private Task<StageReceipt> StageAsync(Split split, SplitStart? start, CancellationToken cancel) =>
        RunTelemetry.SpanAsync("split", "etl.object", split.Object.Uri, () => StageAndNoteAsync(split, start, cancel));

    private async Task<StageReceipt> StageAndNoteAsync(Split split, SplitStart? start, CancellationToken cancel)
    {
        var receipt = run.Encoding.Format == StagingFormat.Passthrough
            ? await CopyAsync(split, cancel).ConfigureAwait(false)
            : await ConvertAsync(split, start, cancel).ConfigureAwait(false);
        await records.WriteReceiptAsync(run.RunId, receipt, cancel).ConfigureAwait(false);
        RunTelemetry.Staged(run.Pipeline, receipt);
        return receipt;
    }

    private async Task<StageReceipt> ConvertAsync(Split split, SplitStart? start, CancellationToken cancel)
    {
        var reader = new SplitReader(pipeline.Source, split.Object, split.Range, start, pipeline.Parser, transforms, pipeline.Time, pipeline.Limits.Unpack, metadata)
        {
            Discards = [.. (run.Placed ?? new Dictionary<string, string?>()).Where(p => p.Value is null).Select(p => p.Key)],
        };
        await using var _ = reader.ConfigureAwait(false);
        var rejects = new DeadLetterFile(records, run.RunId, Name(split, start), budget, progress);
        IReadOnlyList<StagedFile> files = [];
        long staged = 0;
        var started = pipeline.Time.GetUtcNow();
        var statistics = SplitStatistics.For(transforms.Count == 0 ? run.Schema : transforms[^1].Output, run.Splits.Count, pipeline.Report);
        var key = MergeKey.Of(pipeline.Loads, run.Schema);
        await BatchFlow.RunAsync(
            stop => CountAsync(reader.ReadAsync(run.SourceSchema, rejects, stop), reader, batch =>
            {
                MergeKey.Check(batch, key, run.Schema, split);
                staged += batch.Length;
                statistics?.Add(batch);
            }),
            async (batches, stop) => files = await WriteAsync(split, Name(split, start), batches, stop).ConfigureAwait(false),
            cancel).ConfigureAwait(false);

        var receipt = new StageReceipt
        {
            Split = split.Index,
            RowsRead = reader.Tally.RowsRead,
            RowsStaged = staged,
            RowsRejected = rejects.Count,
            RowsFiltered = reader.RowsFiltered,
            BytesRead = reader.BytesRead,
            Files = files,
            DeadLetters = await rejects.CompleteAsync(cancel).ConfigureAwait(false),
            Repairs = reader.Tally.Repairs,
            Discarded = reader.Tally.Discarded.Count == 0 ? null : reader.Tally.Discarded,
            Started = started,
            Ended = pipeline.Time.GetUtcNow(),
            Columns = statistics?.Build(),
            Extent = split.Range == ByteRange.All ? null : reader.Tally.Extent ?? throw new InvalidOperationException($"The parser did not say which part of {split.Object.Uri} it read."),
        };
        return RowCounts.Sum([receipt]).AddUp ? receipt
            : throw new InvalidOperationException($"The rows of {split.Object.Uri} do not add up: read {receipt.RowsRead}, staged {receipt.RowsStaged}, rejected {receipt.RowsRejected}, filtered {receipt.RowsFiltered}.");
    }

    private Task<IReadOnlyList<StagedFile>> WriteAsync(Split split, string name, ChannelReader<RecordBatch> batches, CancellationToken cancel)
    {
        var encoder = pipeline.Encoders(run.Encoding);
        return run.PartitionBy is null
            ? new PartWriter(pipeline.Staging, encoder, run.Schema, progress).WriteAsync($"{run.Pipeline}/{run.RunId}/{name}", 0, batches, cancel)
            : new PartitionWriter(pipeline.Staging, encoder, run, split, progress).WriteAsync(name, batches, cancel);
    }

    private async IAsyncEnumerable<RecordBatch> CountAsync(IAsyncEnumerable<RecordBatch> batches, SplitReader reader, Action<RecordBatch> staged)
    {
        long reportedBytes = 0, reportedRows = 0;

        void Report()
        {
            progress.Read(reader.BytesRead - reportedBytes, reader.Tally.RowsRead - reportedRows);
            (reportedBytes, reportedRows) = (reader.BytesRead, reader.Tally.RowsRead);
        }

        await foreach (var batch in batches.ConfigureAwait(false))
        {
            staged(batch);
            Report();
            yield return batch;
        }

        Report();
    }

    /// <summary>The bytes as they are.</summary>
    private async Task<StageReceipt> CopyAsync(Split split, CancellationToken cancel)
    {
        var stored = new ObjectStream(pipeline.Source, split.Object, pipeline.Time);
        await using var _ = stored.ConfigureAwait(false);
        var started = pipeline.Time.GetUtcNow();
        var extension = Path.GetExtension(split.Object.Uri) is { Length: > 0 and < 8 } suffix && suffix.Skip(1).All(char.IsAsciiLetterOrDigit) ? suffix : ".csv";
        var file = await PartWriter.StageAsync(pipeline.Staging, $"{run.Pipeline}/{run.RunId}/{Name(split, null)}-000{extension}", stored, progress, cancel).ConfigureAwait(false);
        progress.Read(stored.BytesRead, 0);
        return new StageReceipt
        {
            Split = split.Index,
            RowsRead = null,
            RowsStaged = null,
            RowsRejected = null,
            RowsFiltered = null,
            BytesRead = stored.BytesRead,
            Files = [file],
            DeadLetters = [],
            Repairs = new SortedDictionary<string, long>(),
            Started = started,
            Ended = pipeline.Time.GetUtcNow(),
        };
    }

    // What was read from a known start is another file than what was read from a guessed one: a twin that comes late, and still guesses, must not replace it.
    private static string Name(Split split, SplitStart? start) => string.Create(CultureInfo.InvariantCulture, $"split-{split.Index:D6}{(start is null ? "" : "-" + start.Name)}");
}
