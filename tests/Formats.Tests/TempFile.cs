using Apache.Arrow;
using Etl.Core.Contracts;
using Etl.Core.Schemas;
using Etl.Testing;
using Xunit;

namespace Etl.Formats.Tests;

/// <summary>A staged file, gone after the test.</summary>
internal sealed class TempFile(string path) : IDisposable
{
    public string Path { get; } = path;

    public static async Task<TempFile> Encode(IEncoder encoder, TableSchema schema, params RecordBatch[] batches)
    {
        var file = new TempFile(System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("n") + encoder.Extension));
        await using var stream = File.Create(file.Path);
        await encoder.EncodeAsync(Batches.Stream(batches), schema, stream, TestContext.Current.CancellationToken);
        return file;
    }

    public void Dispose() => File.Delete(Path);
}
