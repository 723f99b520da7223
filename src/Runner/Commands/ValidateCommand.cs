using System.CommandLine;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl validate FILE...</c>: checks pipeline files and touches nothing else.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Pipeline files, and files of their tests (orders.test.yaml).", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Checks pipeline files without touching any cloud. Exit code 2 when one is wrong.") { files };
        command.Does(async (parsed, _) =>
        {
            var reader = new PipelineFile(Registrations.All(), Environment.GetEnvironmentVariable);
            var errors = 0;
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var path = RunCommand.PathAsGiven(file);
                try
                {
                    var found = PipelineTestFile.Is(path) ? $"{PipelineTestFile.Read(path).Tests.Count} tests" : reader.Read(path).Name;
                    await Console.Out.WriteLineAsync($"{path}: ok ({found})");
                }
                catch (PipelineFileException e)
                {
                    foreach (var error in e.Errors) await Console.Error.WriteLineAsync(error.ToString());
                    errors += e.Errors.Count;
                }
            }

            return errors == 0 ? ExitCodes.Success : ExitCodes.Usage;
        });
        return command;
    }
}
