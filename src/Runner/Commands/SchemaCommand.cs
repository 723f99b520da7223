using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Etl.Core.Connectors;
using Etl.Core.Pipelines;
using Etl.Runner.Hosting;

namespace Etl.Runner.Commands;

/// <summary><c>etl schema</c>: the pipeline file's JSON Schema, for editors.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema of pipelines that can name these connectors, as it is printed and committed.</summary>
    public static string Text(ConnectorRegistry connectors) => PipelineJsonSchema.Create(connectors).ToJsonString(Readable) + "\n";

    public static Command Create()
    {
        var pipeline = new Option<FileInfo?>("--pipeline") { Description = "A pipeline file whose plugins' connectors are in the schema too." };
        var command = new Command("schema", "Prints the JSON Schema of pipeline files, for editors.") { pipeline };
        command.Does(async (parsed, cancel) =>
        {
            await Console.Out.WriteAsync(Text(Registrations.Of(parsed.GetValue(pipeline))).AsMemory(), cancel);
            return ExitCodes.Success;
        });
        return command;
    }
}
