using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Core.Pipelines;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl schema</c>: the pipeline file's JSON Schema, for editors.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema as it is printed and committed.</summary>
    public static string Text() => PipelineJsonSchema.Create(Registrations.All()).ToJsonString(Readable) + "\n";

    public static Command Create()
    {
        var command = new Command("schema", "Prints the JSON Schema of pipeline files, for editors.");
        command.Does(async (_, cancel) =>
        {
            await Console.Out.WriteAsync(Text().AsMemory(), cancel);
            return ExitCodes.Success;
        });
        return command;
    }
}
