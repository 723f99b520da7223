using System.CommandLine;
using Etl.Connectors.Aws.Sqs;
using Etl.Runner.Hosting;
using Etl.Runner.Lambda;

namespace Etl.Runner.Commands;

/// <summary><c>etl lambda</c>: the process of an AWS Lambda function. Also what <c>etl</c> with no arguments is there, so that an image or a <c>bootstrap</c> needs none.</summary>
internal static class LambdaCommand
{
    private const string RuntimeApiVariable = "AWS_LAMBDA_RUNTIME_API";

    /// <summary>Whether this process was started by Lambda.</summary>
    public static bool IsLambda => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RuntimeApiVariable));

    public static Command Create()
    {
        var command = new Command("lambda", "Runs pipelines as an AWS Lambda function: takes events from the Runtime API until it is ended. ETL_PIPELINE names the pipeline file, ETL_CONTINUE_QUEUE the SQS queue by which a run longer than one invocation goes on.");
        command.Does(async (_, cancel) =>
        {
            if (!IsLambda) throw new UsageException($"etl lambda is what AWS Lambda starts: {RuntimeApiVariable} is not set. To run a pipeline here: etl run PIPELINE.");
            var pipeline = Environment.GetEnvironmentVariable("ETL_PIPELINE") is { Length: > 0 } own ? own : null;
            using var queue = Environment.GetEnvironmentVariable("ETL_CONTINUE_QUEUE") is { Length: > 0 } url ? new MessageQueue(url) : null;
            using var api = new RuntimeApi(Environment.GetEnvironmentVariable(RuntimeApiVariable)!);
            await using var runs = new LambdaRuns(pipeline);
            return await LambdaLoop.RunAsync(api, runs, new InvocationHandler(runs, queue), pipeline is not null, cancel);
        });
        return command;
    }
}
