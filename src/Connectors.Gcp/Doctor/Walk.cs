using Etl.Core.Errors;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>What a step learnt when it went well.</summary>
/// <param name="Facts">The facts.</param>
/// <param name="Warning">What should change all the same, or null.</param>
internal sealed record StepResult(IReadOnlyList<StepFact> Facts, StepProblem? Warning = null);

/// <summary>Walks steps and notes what came of each. After a step that others need has failed, the rest is skipped.</summary>
internal sealed class Walk
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<DiagnosisStep> steps = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<DiagnosisStep> Steps => steps;

    /// <summary>Whether a step that others need has failed.</summary>
    public bool Broken { get; private set; }

    /// <summary>Tries a step and says whether it went well.</summary>
    /// <param name="id">Which step.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="needed">Whether the steps after it need it.</param>
    /// <param name="work">The step; ends with <see cref="StepFailedException"/> when something is wrong.</param>
    /// <param name="cancel">Stops the walk.</param>
    public async Task<bool> TryAsync(StepId id, string subject, bool needed, Func<CancellationToken, Task<StepResult>> work, CancellationToken cancel)
    {
        var step = new DiagnosisStep { Id = id, Subject = subject, Status = StepStatus.Skipped };
        if (!Broken)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience);
            try
            {
                var result = await work(patience.Token).ConfigureAwait(false);
                step = step with { Status = result.Warning is null ? StepStatus.Passed : StepStatus.Warning, Facts = result.Facts, Problem = result.Warning };
            }
            catch (StepFailedException e)
            {
                step = step with { Status = StepStatus.Failed, Problem = e.Problem };
            }
            catch (EtlException e)
            {
                step = step with { Status = StepStatus.Failed, Problem = new StepProblem(DiagnosisCause.ServiceFailed, e.Message, []) };
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                step = step with { Status = StepStatus.Failed, Problem = new StepProblem(DiagnosisCause.EgressBlocked, $"Nothing answered within {Patience.TotalSeconds:0} seconds.", ["Allow outgoing HTTPS to Google Cloud (port 443) from this subnet, or set HTTPS_PROXY."]) };
            }

            Broken = needed && step.Status == StepStatus.Failed;
        }

        steps.Add(step);
        return step.Status is StepStatus.Passed or StepStatus.Warning;
    }
}
