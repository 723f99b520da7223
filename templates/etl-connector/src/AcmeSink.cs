using System.IO.Compression;
using System.Text.Json;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Runs;

namespace Acme;

/// <summary>A folder as a table: a file of rows for each run, and <c>table.json</c>, which names those that count. Moving that file is the commit: before it nothing is loaded, after it all is. Put your service's transaction in its place.</summary>
public sealed class AcmeSink(AcmeSinkOptions options, ConnectorContext context) : ILoadSink
{
    private readonly string folder = Path.GetFullPath(options.Folder, context.Folder);

    /// <inheritdoc/>
    public LoadTerms Terms => new(options.Write);

    private string Table => Path.Combine(folder, "table.json");

    /// <inheritdoc/>
    public ValueTask CheckAsync(RunManifest run, CancellationToken cancel)
    {
        if (run.Encoding.Format != StagingFormat.Ndjson) throw new DataException("This sink loads staged ndjson. Set format: ndjson under sinks: file.");
        if (run.Replaces is not null) throw new DataException("This sink does not remove the rows of objects that changed. Set incremental: { changed: load }.");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<LoadReceipt> CommitAsync(RunManifest run, IReadOnlyList<StageReceipt> receipts, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var loads = await ReadAsync(cancel);
        // Asked again for a run that is loaded, it says what it did then.
        if (!loads.TryGetValue(run.RunId, out var rows))
        {
            rows = await WriteRowsAsync(run, receipts.SelectMany(r => r.Files), cancel);
            if (options.Write == WriteDisposition.Replace) loads.Clear();
            loads[run.RunId] = rows;
            var part = Table + ".part";
            await File.WriteAllBytesAsync(part, JsonSerializer.SerializeToUtf8Bytes(loads), cancel);
            File.Move(part, Table, overwrite: true);
        }

        return new LoadReceipt(folder, run.RunId, rows, $"cat {folder}/*.ndjson");
    }

    private async Task<long> WriteRowsAsync(RunManifest run, IEnumerable<StagedFile> files, CancellationToken cancel)
    {
        var rows = 0L;
        await using var output = File.CreateText(Path.Combine(folder, run.RunId + ".ndjson"));
        foreach (var path in files.Select(f => new Uri(f.Uri).LocalPath))
            try
            {
                await using var file = File.OpenRead(path);
                using var input = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
                for (; await input.ReadLineAsync(cancel) is { } line; rows++) await output.WriteAsync((line + "\n").AsMemory(), cancel);
            }
            catch (FileNotFoundException e)
            {
                throw new ServiceException($"The staged file {path} is gone. Run again: it is staged anew.", transient: false, e);
            }

        return rows;
    }

    private async Task<Dictionary<string, long>> ReadAsync(CancellationToken cancel) =>
        File.Exists(Table) ? JsonSerializer.Deserialize<Dictionary<string, long>>(await File.ReadAllBytesAsync(Table, cancel))! : [];
}
