using Etl.Core.Errors;
using Etl.Runner.Hosting;
using Microsoft.Extensions.Logging;

namespace Etl.Runner.Lambda;

/// <summary>The life of a function's process: get ready, then one event after another until Lambda ends it. Between events it is frozen.</summary>
internal static class LambdaLoop
{
    /// <summary>Takes events until <paramref name="cancel"/>.</summary>
    /// <returns>The exit code: another than 0 when it cannot get ready.</returns>
    public static async Task<int> RunAsync(RuntimeApi api, LambdaRuns runs, InvocationHandler handler, bool hasOwnPipeline, CancellationToken cancel)
    {
        try
        {
            if (hasOwnPipeline) await runs.OpenAsync(RunRequest.Default);
        }
        catch (EtlException e)
        {
            await api.FailInitAsync(Failure.Of(e), cancel);
            if (e is not PipelineFileException) return CommandRunner.Fail(e.Message);
            Messages.Write(LogLevel.Error, e.Message);
            return ExitCodes.Usage;
        }

        try
        {
            while (true) await AnswerAsync(api, handler, await api.NextAsync(cancel), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
    }

    private static async Task AnswerAsync(RuntimeApi api, InvocationHandler handler, Invocation invocation, CancellationToken cancel)
    {
        Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
        try
        {
            await api.RespondAsync(invocation, await handler.HandleAsync(invocation, cancel), cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            var failure = Failure.Of(e);
            Messages.Write(LogLevel.Error, failure.Message, ("type", failure.Type));
            if (e is not EtlException) Messages.Write(LogLevel.Critical, e.ToString());
            await api.FailAsync(invocation, failure, cancel);
        }
    }
}
