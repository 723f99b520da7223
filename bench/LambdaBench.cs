using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Etl.LambdaEmulator;
using Etl.LocalCloud;

namespace Etl.Bench;

/// <summary>A Lambda function of Etl beside one of Python with the same job, over the emulator and against the local cloud: how soon a new process reads its first byte, and how long it takes a warm one.</summary>
internal static class LambdaBench
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    /// <summary>Prints a Markdown table of medians.</summary>
    /// <param name="etl">The published program.</param>
    /// <param name="python">bench/lambda/bootstrap.py.</param>
    /// <param name="bytes">The size of each object.</param>
    /// <param name="rounds">How many processes, and how many warm invocations, of each.</param>
    public static async Task RunAsync(string etl, string python, long bytes, int rounds, CancellationToken cancel)
    {
        var work = Directory.CreateTempSubdirectory("etl-bench-lambda-").FullName;
        try
        {
            await using var cloud = await LocalCloudServer.StartAsync(new LocalCloudOptions { DataFolder = Path.Combine(work, "cloud"), S3Folder = Path.Combine(work, "data") }, cancel);
            Directory.CreateDirectory(Path.Combine(work, "data", "acme", "in"));
            await File.WriteAllTextAsync(Path.Combine(work, "p.yaml"), """
                name: bench
                source: { s3: { bucket: acme, prefix: in/ } }
                transforms: [ csv ]
                sinks:
                  - gcs: { bucket: bench-staging }
                  - bigquery: { project: bench-project, dataset: bench, table: etl }
                """, cancel);
            var environment = new Dictionary<string, string?>(cloud.Environment.ToDictionary(v => v.Key, v => (string?)v.Value)) { ["ETL_PIPELINE"] = "p.yaml", ["HOME"] = work };
            var objects = 0;

            string NewObject()
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"in/{objects++:D4}.csv");
                using var file = File.Create(Path.Combine(work, "data", "acme", key));
                Generator.Write(Shape.Orders, bytes, objects, file);
                return key;
            }

            Console.WriteLine($"One new object of {bytes:N0} bytes an invocation, medians of {rounds}; in milliseconds.\n");
            Console.WriteLine("|  | new process to first S3 request | new process to its answer | processor | warm invocation | processor |\n|---|---:|---:|---:|---:|---:|");
            await MeasureAsync("Etl", new FunctionSetup(etl, [], work, Limit) { Environment = environment }, _ => "{}");
            await MeasureAsync("Python, boto3", new FunctionSetup("python3", [python], work, Limit) { Environment = environment }, key =>
                new JsonObject { ["bucket"] = "acme", ["key"] = key, ["staging"] = "bench-staging", ["project"] = "bench-project", ["dataset"] = "bench" }.ToJsonString());

            async Task MeasureAsync(string name, FunctionSetup setup, Func<string, string> payload)
            {
                List<double> first = [], cold = [], coldWork = [], warm = [], warmWork = [];
                await using var function = new FunctionEmulator(setup);
                for (var round = 0; round < rounds; round++)
                {
                    function.Recycle();
                    var seen = cloud.Requests.Count;
                    var started = (TimeProvider.System.GetUtcNow(), Stopwatch.GetTimestamp());
                    await InvokeAsync(payload(NewObject()));
                    cold.Add(Stopwatch.GetElapsedTime(started.Item2).TotalMilliseconds);
                    coldWork.Add(function.ProcessorTime.TotalMilliseconds);
                    first.Add((cloud.Requests.Skip(seen).Where(r => r.Service == "s3").Min(r => r.Began) - started.Item1).TotalMilliseconds);
                    // The first one after that still compiles.
                    await InvokeAsync(payload(NewObject()));
                    var before = function.ProcessorTime;
                    warm.Add((await InvokeAsync(payload(NewObject()))).Took.TotalMilliseconds);
                    warmWork.Add((function.ProcessorTime - before).TotalMilliseconds);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(first):0} | {Median(cold):0} | {Median(coldWork):0} | {Median(warm):0} | {Median(warmWork):0} |"));

                async Task<Outcome> InvokeAsync(string json) =>
                    await function.InvokeAsync(json) is { Ending: Ending.Answered } outcome && !outcome.Body.Contains("\"runs\":[]", StringComparison.Ordinal) ? outcome
                        : throw new InvalidOperationException($"{name} did not do its job.\n{function.Log}");
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
