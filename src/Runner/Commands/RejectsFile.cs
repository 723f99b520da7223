using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Core.Contracts;

namespace Etl.Runner.Commands;

/// <summary>Rejected rows of a conversion, beside its output, made with the first one.</summary>
internal sealed class RejectsFile(string path) : IDeadLetters, IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private StreamWriter? writer;

    public string Path { get; } = path;

    public long Count { get; private set; }

    public async ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        writer ??= new StreamWriter(Path, append: false);
        await writer.WriteLineAsync(JsonSerializer.Serialize(reject, Json).AsMemory(), cancel);
        Count++;
    }

    /// <summary>Starts again.</summary>
    public void Reset()
    {
        writer?.Dispose();
        writer = null;
        System.IO.File.Delete(Path);
        Count = 0;
    }

    public ValueTask DisposeAsync() => writer?.DisposeAsync() ?? ValueTask.CompletedTask;
}
