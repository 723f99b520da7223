using Etl.Connectors.Aws.S3;
using Etl.Connectors.Gcp.Doctor;
using Etl.Core.Connectors;
using Etl.Core.Contracts;
using Etl.Core.Errors;
using Etl.Core.Pipelines;

namespace Etl.Runner.Auth;

/// <summary>The pipeline's own source: whether it lists, and whether an object opens. One byte is read. Of S3 it is asked only with AWS credentials that AWS accepts.</summary>
internal static class SourceStep
{
    public static async Task<DiagnosisStep> CheckAsync(PipelineDefinition definition, ConnectorContext context, Diagnosis signIn, CancellationToken cancel)
    {
        var step = new DiagnosisStep { Id = StepId.Source, Subject = definition.Source.Connector.Name, Status = StepStatus.Passed };
        if (definition.Source.Options is S3Options && signIn.Steps.Any(s => s is { Status: StepStatus.Failed, Id: StepId.AwsCredentials or StepId.Clock or StepId.AwsCaller }))
            return step with { Status = StepStatus.Skipped };
        var source = (ISource)definition.Source.Connector.Create(definition.Source.Options, context);
        try
        {
            await foreach (var found in source.ListAsync(cancel))
            {
                await using var content = await source.OpenAsync(found, new ByteRange(0, 1), cancel);
                _ = await content.ReadAsync(new byte[1], cancel);
                return step with { Facts = [new StepFact("permissions", "lists and reads"), new StepFact("first object", found.Uri)] };
            }

            return step with { Facts = [new StepFact("permissions", "lists; nothing is there to read")] };
        }
        catch (EtlException e)
        {
            return step with { Status = StepStatus.Failed, Problem = new StepProblem(DiagnosisCause.SourceRefused, e.Message, ["The role needs s3:ListBucket on the bucket and s3:GetObject on its objects; `etl auth setup` writes the policy."]) };
        }
        finally
        {
            (source as IDisposable)?.Dispose();
        }
    }
}
