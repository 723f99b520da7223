using System.CommandLine;
using Etl.Runner.Display;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl infer URI|FILE</c>: how a file is written, which schema fits it, and why.</summary>
internal static class InferCommand
{
    public static Command Create()
    {
        var uri = new Argument<string>("uri") { Description = "A file, or s3://bucket/key." };
        var whole = new Option<bool>("--whole") { Description = "Look at every row, not at samples of the start, the middle and the end." };
        var yaml = new Option<bool>("--yaml") { Description = "Print a ready transform block for a pipeline file." };
        var command = new Command("infer", "Prints the dialect and the schema of a file, why each column has its type, and which seem to hold data of persons.") { uri, whole, yaml };
        var dialect = new DialectOptions().AddTo(command);
        var local = new LocalOptions().AddTo(command);
        var json = new JsonOption("Print JSON. It holds no value of the data.").AddTo(command);
        command.Does(async (parsed, cancel) =>
        {
            await using var session = await LocalSession.StartAsync(local.Read(parsed, null), cancel);
            var file = await SampledFile.ReadAsync(parsed.GetRequiredValue(uri), dialect.Read(parsed), dialect.ReadSheet(parsed), parsed.GetValue(whole), Contexts.ForCommand("infer", session.Active), cancel);
            if (parsed.GetValue(yaml)) await Console.Out.WriteAsync(ParserYaml.Write(file).AsMemory(), cancel);
            else if (json.Read(parsed)) await Console.Out.WriteLineAsync(InferenceJson.Write(file).AsMemory(), cancel);
            else InferenceView.Show(file, Consoles.Out);
            return ExitCodes.Success;
        });
        return command;
    }
}
