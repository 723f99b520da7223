using System.CommandLine;
using System.Text.RegularExpressions;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Runner.Display;
using Etl.Runner.Hosting;
using Etl.Runner.Init;
using Spectre.Console;

namespace Etl.Runner.Commands;

/// <summary><c>etl init</c>: a new pipeline file, from a sample and a few answers.</summary>
internal static partial class InitCommand
{
    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex NotInNames { get; }

    public static Command Create()
    {
        var from = new Option<string?>("--from") { Description = "The sample: a file, or s3://bucket/key.", HelpName = "URI" };
        var name = new Option<string?>("--name") { Description = "The pipeline's name. Suggested: from the sample's name." };
        var staging = new Option<string?>("--staging") { Description = "The Cloud Storage bucket that files are staged in.", HelpName = "BUCKET" };
        var project = new Option<string?>("--project") { Description = "The Google Cloud project of the table." };
        var dataset = new Option<string?>("--dataset") { Description = "The table's dataset." };
        var table = new Option<string?>("--table") { Description = "The table. Suggested: the pipeline's name." };
        var key = new Option<string?>("--key") { Description = "Columns, separated by commas, that tell rows apart: one row for each key (write: merge). none: append.", HelpName = "COLUMNS" };
        var partition = new Option<string?>("--partition") { Description = "The column whose days the table is partitioned by, or none. Suggested: the first day or time that every row has.", HelpName = "COLUMN" };
        var mask = new Option<string?>("--mask") { Description = "Columns, separated by commas, whose values are hidden, or none. Suggested: those that seem to hold data of persons.", HelpName = "COLUMNS" };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "The file to write. Default: NAME.yaml.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Overwrite the file when it is there." };
        var command = new Command("init", "Writes a new pipeline file from a sample: finds out how it is written, asks what is left, and suggests how to load it.") { from, name, staging, project, dataset, table, key, partition, mask, output, force };
        var dialect = new DialectOptions().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var json = new JsonOption("Print what was written as JSON. It holds no value of the data.").AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var ask = new InitQuestions(InitQuestions.CanAsk);
            var sample = await ask.TextAsync("--from", "A sample of the data (a file, or s3://bucket/key):", parsed.GetValue(from), null, cancel);
            // Nobody answers questions about a file that cannot be read, or for one that is not written.
            var file = ask.Asks ? await ReadAsync() : null;
            var called = await ask.TextAsync("--name", "The pipeline's name:", parsed.GetValue(name), sample.Length == 0 ? null : Named(sample), cancel);
            var path = RunCommand.PathAsGiven(parsed.GetValue(output) ?? new FileInfo($"{called}.yaml"));
            if (ask.Asks) CheckFree();
            var bucket = await ask.TextAsync("--staging", "The Cloud Storage bucket to stage in:", parsed.GetValue(staging), null, cancel);
            var inProject = await ask.TextAsync("--project", "The Google Cloud project:", parsed.GetValue(project), null, cancel);
            var inDataset = await ask.TextAsync("--dataset", "The dataset:", parsed.GetValue(dataset), null, cancel);
            var toTable = await ask.TextAsync("--table", "The table:", parsed.GetValue(table), called.Replace('-', '_'), cancel);
            ask.Check();
            CheckFree();
            file ??= await ReadAsync();
            var schema = file.Proposal.Schema;
            var asJson = json.Read(parsed);
            foreach (var found in asJson ? [] : file.Personal) Consoles.Error.WriteLine($"{found.Column.Name} seems to hold data of persons: {found.Kind} ({found.Why}).");
            var answers = new InitAnswers
            {
                From = sample,
                Name = called,
                Staging = bucket,
                Project = inProject,
                Dataset = inDataset,
                Table = toTable,
                Key = await ask.ColumnsAsync("--key", "Columns that tell rows apart, to keep one row for each (none: append):", parsed.GetValue(key), [], schema, cancel),
                Partition = await ask.ColumnsAsync("--partition", "The column to partition by:", parsed.GetValue(partition), InitQuestions.Partition(file) is { } day ? [day] : [], schema, cancel) is [var by, ..] ? by : null,
                Mask = await ask.ColumnsAsync("--mask", "Columns to mask:", parsed.GetValue(mask), [.. file.Personal.Select(p => p.Column.Name)], schema, cancel),
            };
            var yaml = InitYaml.Write(answers, file, Path.GetDirectoryName(Path.GetFullPath(path))!);
            // What is wrong with an answer is said before anything is written.
            new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Parse(path, yaml);
            await WriteAsync(path, yaml, cancel);
            if (asJson) JsonLine.Print(InitJson.Of(path, answers, file));
            else await Console.Out.WriteLineAsync($"{path} is written. Try it:  etl run {path} --local".AsMemory(), cancel);
            return ExitCodes.Success;

            Task<SampledFile> ReadAsync() => SampledFile.ReadAsync(sample, dialect.Read(parsed), dialect.ReadSheet(parsed), whole: false, Contexts.ForCommand("init", session.Active), cancel);

            void CheckFree()
            {
                if (File.Exists(path) && !parsed.GetValue(force)) throw new UsageException($"{path} is there already, and nothing was written. Name another with --output, or say --force.");
            }
        });
        return command;
    }

    private static async Task WriteAsync(string path, string yaml, CancellationToken cancel)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(path, yaml, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be written: {e.Message} Name another file with --output.");
        }
    }

    private static string? Named(string sample)
    {
        var name = NotInNames.Replace(sample.TrimEnd('/').Split('/', '\\')[^1].Split('.')[0], "-").Trim('-');
        return name.Length == 0 ? null : char.IsAsciiLetter(name[0]) ? name : "p-" + name;
    }
}
