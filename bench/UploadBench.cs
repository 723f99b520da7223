using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Etl.LocalCloud;

namespace Etl.Bench;

/// <summary>How long staging one large object takes, by how many splits are staged side by side and by what one connection to Cloud Storage carries: when uploads in parallel are worth it.</summary>
internal static class UploadBench
{
    private static readonly long?[] Paces = [null, 100_000_000, 50_000_000, 25_000_000, 10_000_000];

    /// <summary>Prints a Markdown table of seconds, the smaller of <paramref name="rounds"/>.</summary>
    /// <param name="etl">The published program.</param>
    /// <param name="bytes">The size of the object.</param>
    /// <param name="rounds">How often each is measured.</param>
    /// <param name="cancel">Stops.</param>
    public static async Task RunAsync(string etl, long bytes, int rounds, CancellationToken cancel)
    {
        var work = Directory.CreateTempSubdirectory("etl-bench-upload-").FullName;
        try
        {
            await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(work, "cloud"), S3Folder = Path.Combine(work, "data") }, cancel);
            foreach (var bucket in new[] { "plain", "gzip" }) Directory.CreateDirectory(Path.Combine(work, "data", bucket));
            await using (var plain = File.Create(Path.Combine(work, "data", "plain", "orders.csv"))) Generator.Write(Shape.Orders, bytes, 1, plain);
            await using (var packed = new GZipStream(File.Create(Path.Combine(work, "data", "gzip", "orders.csv.gz")), CompressionLevel.Fastest)) Generator.Write(Shape.Orders, bytes, 1, packed);
            var runs = new[] { ("plain", "parquet", 1), ("plain", "parquet", 2), ("plain", "parquet", 4), ("gzip", "parquet", 4), ("plain", "passthrough", 4) };

            Console.WriteLine($"Seconds that staging one object of {bytes:N0} bytes (as CSV) takes, plain ones in eight splits; the best of {rounds}.\n");
            Console.WriteLine($"| one connection carries | {string.Join(" | ", runs.Select(r => $"{r.Item1} to {r.Item2}, {r.Item3} side by side"))} |\n|---|{string.Concat(runs.Select(_ => "---:|"))}");
            var number = 0;
            foreach (var pace in Paces)
            {
                await using var line = pace is { } limit ? new PacedLine(new Uri(cloud.Environment["STORAGE_EMULATOR_HOST"]), limit) : null;
                var cells = new List<string>();
                foreach (var (bucket, format, parallelism) in runs)
                {
                    var best = double.MaxValue;
                    for (var round = 0; round < rounds; round++)
                    {
                        var file = Path.Combine(work, "p.yaml");
                        await File.WriteAllTextAsync(file, $$"""
                            name: upload-{{number++}}
                            source: { s3: { bucket: {{bucket}} } }
                            transforms: [ csv: { split_size: {{bytes / 8_000_000}}MB } ]
                            sinks: [ gcs: { bucket: bench-staging, format: {{format}} } ]
                            """, cancel);
                        best = Math.Min(best, await StageAsync(etl, file, parallelism, cloud, line?.Address, cancel));
                    }

                    cells.Add(best.ToString("0.0", CultureInfo.InvariantCulture));
                }

                Console.WriteLine($"| {(pace is null ? "as much as it likes" : $"{pace / 1_000_000} MB/s")} | {string.Join(" | ", cells)} |");
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<double> StageAsync(string etl, string pipeline, int parallelism, LocalCloudServer cloud, string? storage, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(etl, ["run", pipeline, "--json", "--parallelism", parallelism.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in cloud.Environment) start.Environment[name] = value;
        if (storage is not null) start.Environment["STORAGE_EMULATOR_HOST"] = storage;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0) throw new InvalidOperationException(await error);
        using var summary = JsonDocument.Parse(await output);
        return summary.RootElement.GetProperty("seconds").GetProperty("stage").GetDouble();
    }
}
