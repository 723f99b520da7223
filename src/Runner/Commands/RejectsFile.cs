using System.Text.Json;
using Etl.Core.Contracts;
using Etl.Runner.Display;

namespace Etl.Runner.Commands;

/// <summary>Rejected rows of a conversion, beside its output, made with the first one.</summary>
internal sealed class RejectsFile(string path) : IDeadLetters, IAsyncDisposable
{
    private StreamWriter? writer;

    public string Path { get; } = path;

    public long Count { get; private set; }

    public async ValueTask RejectAsync(Reject reject, CancellationToken cancel)
    {
        writer ??= new StreamWriter(Path, append: false);
        await writer.WriteLineAsync(JsonSerializer.Serialize(reject, JsonLine.Options).AsMemory(), cancel);
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
