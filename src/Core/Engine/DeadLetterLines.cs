using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Etl.Core.Runs;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Gives the rejected rows of later splits their lines in the object: while a split is staged nobody knows how many lines are before it.</summary>
internal static class DeadLetterLines
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Rewrites the dead letters that need it, and their receipts. Doing it again changes nothing.</summary>
    /// <returns>The receipts, in split order.</returns>
    public static async Task<IReadOnlyList<StageReceipt>> SettleAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, RunRecords records, CancellationToken cancel)
    {
        var settled = new StageReceipt[receipts.Count];
        var before = 0L;
        for (var i = 0; i < receipts.Count; i++)
        {
            var receipt = receipts[i];
            if (run.Splits[i].Range.Offset == 0) before = 0;
            if (receipt is { DeadLetters.Count: > 0, Extent: { LinesBefore: null } extent })
            {
                foreach (var address in receipt.DeadLetters) await MoveAsync(run.RunId, RunRecords.DeadLetterFile(address), before, records, cancel).ConfigureAwait(false);
                receipt = receipt with { Extent = extent with { LinesBefore = before } };
                await records.WriteReceiptAsync(run.RunId, receipt, cancel).ConfigureAwait(false);
            }

            before += receipt.Extent?.Lines ?? 0;
            settled[i] = receipt;
        }

        return settled;
    }

    // A letter that was moved says so, so that a document moved before a crash is not moved again.
    private static async Task MoveAsync(string runId, string file, long lines, RunRecords records, CancellationToken cancel)
    {
        var document = await records.ReadDeadLettersAsync(runId, file, cancel).ConfigureAwait(false);
        var moved = new ArrayBufferWriter<byte>(document.Length);
        foreach (var range in document.Span.Split((byte)'\n'))
        {
            var line = document[range];
            if (line.IsEmpty) continue;
            var letter = JsonNode.Parse(line.Span)!.AsObject();
            if (letter.Remove("lineFrom")) letter["line"] = letter["line"]!.GetValue<long>() + lines;
            using (var writer = new Utf8JsonWriter(moved, new JsonWriterOptions { Encoder = Json.Encoder })) letter.WriteTo(writer, Json);
            moved.Write("\n"u8);
        }

        await records.WriteDeadLettersAsync(runId, file, moved.WrittenMemory, cancel).ConfigureAwait(false);
    }
}
