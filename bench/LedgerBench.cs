using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Etl.Connectors.Local;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Core.State;
using Etl.Csv;
using Etl.Formats;
using Microsoft.Extensions.Logging.Abstractions;

namespace Etl.Bench;

/// <summary>What a ledger of many objects costs a run: state in a folder, a listing that is made up as it is read.</summary>
internal static class LedgerBench
{
    private const string Pipeline = """
        name: ledger
        source: generated
        transforms: [ csv ]
        sinks: [ file: { path: . } ]
        """;

    /// <summary>Marks the objects as loaded when the folder has no state yet (with <paramref name="firstLayout"/>, writes the state as the first layout of Etl did); otherwise makes a run that finds <paramref name="added"/> new ones.</summary>
    public static async Task RunAsync(string folder, int objects, int added, bool firstLayout, CancellationToken cancel)
    {
        var state = Path.Combine(folder, "_etl", "ledger", "state.json");
        var build = !File.Exists(state);
        if (build && firstLayout)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(state)!);
            var loaded = new SortedDictionary<string, string>(StringComparer.Ordinal);
            await foreach (var o in new GeneratedObjects(objects).ListAsync(cancel)) loaded[o.Uri] = o.Version;
            await File.WriteAllBytesAsync(state, JsonSerializer.SerializeToUtf8Bytes(new { version = 1, loaded }), cancel);
            Report("written in the first layout", default, default, folder);
            return;
        }

        var registry = LocalConnectors.Register(new ConnectorRegistry());
        CsvConnectors.Register(registry);
        registry.AddSource<Nothing>("generated", "", (_, _) => new GeneratedObjects(build ? objects : objects + added));
        var definition = new PipelineFile(registry, _ => null).Parse("ledger.yaml", Pipeline);
        var context = new ConnectorContext("ledger", Path.GetFullPath(folder), local: false, TimeProvider.System, NullLoggerFactory.Instance, definition.Settings);
        await using var pipeline = Etl.Core.Engine.Pipeline.Create(definition, context, e => EncoderFactory.Create(e));

        var listed = 0;
        // Listing is the source's; what is left is the ledger's and the run's.
        var listing = await TimeAsync(async () => listed = await pipeline.Source.ListAsync(cancel).CountAsync(cancel));
        var what = "";
        var work = await TimeAsync(async () => what = build
            ? $"{await new StateChanges(pipeline, new LeaseTerms()).MarkLoadedAsync(_ => true, cancel):N0} objects marked"
            : $"a run that knows {(await new RunEngine(pipeline, new RunProgress(TimeProvider.System), 1).RunAsync(cancel)).AlreadyLoaded:N0} of {listed:N0} objects");
        Report(what, work.Wall - listing.Wall, work.Processor - listing.Processor, folder);
    }

    private static async Task<(TimeSpan Wall, TimeSpan Processor)> TimeAsync(Func<Task> work)
    {
        var (clock, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await work();
        return (clock.Elapsed, Environment.CpuUsage.TotalTime - before);
    }

    private static void Report(string what, TimeSpan wall, TimeSpan processor, string folder)
    {
        using var self = Process.GetCurrentProcess();
        var documents = new DirectoryInfo(Path.Combine(folder, "_etl", "ledger")).EnumerateFiles("*", SearchOption.AllDirectories).Where(f => f.Name == "state.json" || f.Name.EndsWith(".zst", StringComparison.Ordinal)).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {wall.TotalSeconds:f2} s, {processor.TotalSeconds:f2} s of processor, without the listing; {self.PeakWorkingSet64 / 1e6:f0} MB at most; state {new FileInfo(Path.Combine(folder, "_etl", "ledger", "state.json")).Length:N0} B, {documents.Sum(d => d.Length) / 1e6:f1} MB with the ledger's {documents.Count - 1} parts"));
    }

    private sealed record Nothing;

    /// <summary>Addresses and ETags as a bucket of daily exports has them.</summary>
    private sealed class GeneratedObjects(int count) : ISource
    {
        public async IAsyncEnumerable<SourceObject> ListAsync([EnumeratorCancellation] CancellationToken cancel)
        {
            await Task.Yield();
            var day = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
            for (var i = 0; i < count; i++)
            {
                var at = day.AddMinutes(i * 3);
                // Not the digest of anything, but as hard to compress as one.
                var (high, low) = (unchecked((ulong)(i + 1) * 0x9E3779B97F4A7C15), unchecked((ulong)(i + 7) * 0xC2B2AE3D27D4EB4F));
                yield return new SourceObject(
                    string.Create(CultureInfo.InvariantCulture, $"s3://acme-exports/orders/{at:yyyy}/{at:MM}/{at:dd}/orders-{at:yyyyMMdd-HHmm}-{i % 97:D4}.csv.gz"),
                    string.Create(CultureInfo.InvariantCulture, $"{high ^ (high >> 29):x16}{low ^ (low >> 31):x16}"), 6, at);
            }
        }

        public ValueTask<Stream> OpenAsync(SourceObject source, ByteRange range, CancellationToken cancel) => ValueTask.FromResult<Stream>(new MemoryStream(Encoding.ASCII.GetBytes("a,b\n1\n")[(int)range.Offset..]));
    }
}
