using System.Text.Json.Nodes;
using Etl.Core.Errors;
using Etl.Runner.Hosting;

namespace Etl.Runner.Lambda;

/// <summary>Why an invocation failed, as Lambda reports it: a type that Step Functions can retry or catch by, and the words.</summary>
internal sealed record Failure(string Type, string Message)
{
    /// <summary>The failure that <paramref name="error"/> is. Never with a stack: that is for the log.</summary>
    public static Failure Of(Exception error) => new(
        error switch
        {
            UnreadableEventException => "Etl.Event",
            LeaseException => "Etl.Busy",
            RunStoppedException { IsStuck: true } => "Etl.NoProgress",
            RunStoppedException => "Etl.Continue",
            PipelineFileException => "Etl.PipelineFile",
            DataException => "Etl.Data",
            EtlException => "Etl.Service",
            _ => "Etl.Bug",
        },
        error is EtlException ? error.Message : $"{Bug.Of(error)} ({error.GetType().Name}); the log has more. Please report it.");

    public JsonObject ToJson() => new() { ["errorMessage"] = Message, ["errorType"] = Type, ["stackTrace"] = new JsonArray() };
}
