using System.CommandLine;
using System.Text.Json.Nodes;
using Etl.Core.Errors;
using Etl.Core.Pipelines;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl validate FILE...</c>: checks pipeline files and touches nothing else.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Pipeline files, and files of their tests (orders.test.yaml).", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Checks pipeline files without touching any cloud. Exit code 2 when one is wrong.") { files };
        var json = new JsonOption("Print JSON, an object a file with its errors.").AddTo(command);
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
                    if (json.Read(parsed)) JsonLine.Print(Json(path, []));
                    else await Console.Out.WriteLineAsync($"{path}: ok ({found})");
                }
                catch (PipelineFileException e)
                {
                    if (json.Read(parsed)) JsonLine.Print(Json(path, e.Errors));
                    else
                        foreach (var error in e.Errors) await Console.Error.WriteLineAsync(error.ToString());
                    errors += e.Errors.Count;
                }
            }

            return errors == 0 ? ExitCodes.Success : ExitCodes.Usage;
        });
        return command;
    }

    // An error may be in another file than the one that was given: a test file's pipeline.
    private static JsonObject Json(string path, IReadOnlyList<PipelineFileError> errors) => new()
    {
        ["file"] = path,
        ["ok"] = errors.Count == 0,
        ["errors"] = new JsonArray([.. errors.Select(e => new JsonObject { ["file"] = e.File, ["line"] = e.Line, ["column"] = e.Column, ["message"] = e.Message })]),
    };
}
