using System.CommandLine;
using Etl.Core.Engine;
using Etl.Core.Pipelines;
using Etl.Core.Runs;
using Etl.Formats;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl run PIPELINE</c>: plan, stage and commit in this process.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("pipeline") { Description = "The pipeline file." };
        var parallelism = new Option<int>("--parallelism") { Description = "How many objects are staged side by side.", DefaultValueFactory = _ => Math.Clamp(Environment.ProcessorCount, 1, 4) };
        parallelism.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 64) result.AddError("--parallelism must be from 1 to 64.");
        });
        var command = new Command("run", "Runs a pipeline: reads what is new, stages it, loads it once.") { file, parallelism };
        var local = new LocalOptions().AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            var path = parsed.GetRequiredValue(file);
            await using var session = await LocalSession.StartAsync(local.Read(parsed, path.DirectoryName), cancel);
            var definition = new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable).Read(PathAsGiven(path));
            await using var pipeline = Pipeline.Create(definition, Contexts.For(definition, session.Active), encoding => EncoderFactory.Create(encoding));
            var progress = new RunProgress(TimeProvider.System);
            var engine = new RunEngine(pipeline, progress, parsed.GetValue(parallelism));
            var summary = await LiveProgress.ShowAsync(progress, definition.Name, engine.RunAsync, cancel);
            SummaryView.Show(summary, definition, session.Active);
            return ExitCodes.Success;
        });
        return command;
    }

    internal static string PathAsGiven(FileInfo file) => Path.GetRelativePath(Environment.CurrentDirectory, file.FullName);
}
