using System.Globalization;
using System.Threading.Channels;
using Apache.Arrow;
using Etl.Core.Compression;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Stages one split: open → decompress → parse → transform → encode → upload, all overlapping, then the receipt. Runs anywhere, in any order, more than once.</summary>
internal sealed class StageTask(Pipeline pipeline, RunManifest run, IReadOnlyList<BoundTransform> transforms, RunRecords records, RejectBudget budget, RunProgress progress)
{
    private const int BatchesInFlight = 2;

    /// <summary>The split's receipt: the one already there, or a new one.</summary>
    public async Task<StageReceipt> RunAsync(Split split, CancellationToken cancel)
    {
        if (await records.ReadReceiptAsync(run.RunId, split.Index, cancel).ConfigureAwait(false) is { } done) return done;
        var receipt = run.Encoding.Format == StagingFormat.Passthrough
            ? await CopyAsync(split, cancel).ConfigureAwait(false)
            : await ConvertAsync(split, cancel).ConfigureAwait(false);
        await records.WriteReceiptAsync(run.RunId, receipt, cancel).ConfigureAwait(false);
        return receipt;
    }

    private async Task<StageReceipt> ConvertAsync(Split split, CancellationToken cancel)
    {
        var stored = new ObjectStream(pipeline.Source, split.Object, pipeline.Time);
        await using var _ = stored.ConfigureAwait(false);
        var tally = new ParseTally();
        var rejects = new DeadLetterFile(records, run.RunId, split.Index, budget, progress);
        var batches = Channel.CreateBounded<RecordBatch>(new BoundedChannelOptions(BatchesInFlight) { SingleReader = true, SingleWriter = true });
        var writer = new PartWriter(pipeline.Staging, pipeline.Encoders(run.Encoding), run.Schema, progress);
        (long Staged, long Filtered) rows = default;
        IReadOnlyList<StagedFile> files = [];
        try
        {
            await Overlap.RunAsync(
                cancel,
                async stop => rows = await ParseAsync(split, stored, tally, rejects, batches.Writer, stop).ConfigureAwait(false),
                async stop => files = await writer.WriteAsync(Name(split), batches.Reader, stop).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            while (batches.Reader.TryRead(out var left)) left.Dispose();
        }

        var receipt = new StageReceipt
        {
            Split = split.Index,
            RowsRead = tally.RowsRead,
            RowsStaged = rows.Staged,
            RowsRejected = rejects.Count,
            RowsFiltered = rows.Filtered,
            BytesRead = stored.BytesRead,
            Files = files,
            DeadLetters = await rejects.CompleteAsync(cancel).ConfigureAwait(false),
            Repairs = tally.Repairs,
        };
        return RowCounts.Sum([receipt]).AddUp ? receipt
            : throw new InvalidOperationException($"The rows of {split.Object.Uri} do not add up: read {receipt.RowsRead}, staged {receipt.RowsStaged}, rejected {receipt.RowsRejected}, filtered {receipt.RowsFiltered}.");
    }

    private async Task<(long Staged, long Filtered)> ParseAsync(Split split, ObjectStream stored, ParseTally tally, DeadLetterFile rejects, ChannelWriter<RecordBatch> batches, CancellationToken cancel)
    {
        long staged = 0, filtered = 0, reportedRows = 0, reportedBytes = 0;

        void Report()
        {
            progress.Read(stored.BytesRead - reportedBytes, tally.RowsRead - reportedRows);
            (reportedBytes, reportedRows) = (stored.BytesRead, tally.RowsRead);
        }

        try
        {
            await foreach (var entry in ContentReader.ReadAsync(stored, split.Object.Uri, cancel).ConfigureAwait(false))
            {
                var ahead = new ReadAheadStream(entry.Content, cancel);
                await using var _ = ahead.ConfigureAwait(false);
                var input = new SplitInput(split.Object, entry.Name, ahead, tally);
                await foreach (var parsed in pipeline.Parser.ParseAsync(input, run.SourceSchema, rejects, cancel).ConfigureAwait(false))
                {
                    var rows = parsed.Length;
                    var batch = transforms.Aggregate(parsed, (current, transform) => transform.Apply(current));
                    staged += batch.Length;
                    filtered += rows - batch.Length;
                    Report();
                    if (batch.Length > 0) await batches.WriteAsync(batch, cancel).ConfigureAwait(false);
                    else batch.Dispose();
                }
            }
        }
        finally
        {
            Report();
            batches.TryComplete();
        }

        return (staged, filtered);
    }

    /// <summary>The bytes as they are.</summary>
    private async Task<StageReceipt> CopyAsync(Split split, CancellationToken cancel)
    {
        var stored = new ObjectStream(pipeline.Source, split.Object, pipeline.Time);
        await using var _ = stored.ConfigureAwait(false);
        var extension = Path.GetExtension(split.Object.Uri) is { Length: > 0 and < 8 } suffix && suffix.Skip(1).All(char.IsAsciiLetterOrDigit) ? suffix : ".csv";
        var file = await PartWriter.StageAsync(pipeline.Staging, $"{Name(split)}-000{extension}", stored, progress, cancel).ConfigureAwait(false);
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
        };
    }

    private string Name(Split split) => string.Create(CultureInfo.InvariantCulture, $"{run.Pipeline}/{run.RunId}/split-{split.Index:D6}");
}
