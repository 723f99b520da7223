using System.CommandLine;
using Etl.LocalCloud;

namespace Etl.Runner.Hosting;

/// <summary>The options that point a command at the local cloud.</summary>
internal sealed class LocalOptions
{
    private readonly Option<bool> local = new("--local") { Description = "Run against the local cloud in this process: S3, Cloud Storage, BigQuery and the sign-in services on loopback." };
    private readonly Option<DirectoryInfo?> data = new("--data") { Description = "With --local: the folder whose subfolders are the S3 buckets. Default: data/ beside the pipeline file." };
    private readonly Option<DirectoryInfo> folder = new("--local-folder") { Description = "With --local: where buckets and tables are kept between runs.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".etl", "local-cloud")) };

    /// <summary>Adds them to <paramref name="command"/>.</summary>
    public LocalOptions AddTo(Command command)
    {
        command.Add(local);
        command.Add(data);
        command.Add(folder);
        return this;
    }

    /// <summary>The local cloud asked for, or null.</summary>
    public LocalCloudOptions? Read(ParseResult parsed, string? pipelineFolder) =>
        !parsed.GetValue(local) ? null : new LocalCloudOptions
        {
            DataFolder = parsed.GetRequiredValue(folder).FullName,
            S3Folder = parsed.GetValue(data)?.FullName ?? Existing(Path.Combine(pipelineFolder ?? "pipelines", "data")),
        };

    private static string? Existing(string path) => Directory.Exists(path) ? Path.GetFullPath(path) : null;
}
