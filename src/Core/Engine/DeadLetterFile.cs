using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Core.State;

namespace Etl.Core.Engine;

/// <summary>Keeps one split's rejected rows as NDJSON documents of at most about a megabyte, and stops the run as soon as there are more than it may have.</summary>
internal sealed class DeadLetterFile(RunRecords records, string runId, string split, RejectBudget budget, AttemptProgress progress) : IDeadLetters
{
    private const int MaxDocumentBytes = 1 << 20;

    // Read by people: Japanese stays Japanese.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> document = new();
    private readonly List<string> written = [];

    /// <summary>Rows rejected so far.</summary>
    public long Count { get; private set; }

    public async ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        Count++;
        progress.Rejected(1);
        using (var writer = new Utf8JsonWriter(document, new JsonWriterOptions { Encoder = Json.Encoder })) JsonSerializer.Serialize(writer, reject, Json);
        document.Write("\n"u8);
        if (document.WrittenCount >= MaxDocumentBytes) await FlushAsync(cancel).ConfigureAwait(false);
        if (!budget.Take())
        {
            await FlushAsync(cancel).ConfigureAwait(false);
            throw budget.Exceeded(written[^1]);
        }
    }

    /// <summary>Writes what is left.</summary>
    /// <returns>Where people find the files, in order.</returns>
    public async ValueTask<IReadOnlyList<string>> CompleteAsync(CancellationToken cancel)
    {
        await FlushAsync(cancel).ConfigureAwait(false);
        return written;
    }

    private async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (document.WrittenCount == 0) return;
        written.Add(await records.WriteDeadLettersAsync(runId, string.Create(CultureInfo.InvariantCulture, $"{split}-{written.Count:D3}.ndjson"), document.WrittenMemory, cancel).ConfigureAwait(false));
        document.ResetWrittenCount();
    }
}
