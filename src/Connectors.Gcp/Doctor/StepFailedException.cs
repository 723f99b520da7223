namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Ends a step with what is wrong.</summary>
internal sealed class StepFailedException(StepProblem problem) : Exception(problem.Message)
{
    public StepFailedException(DiagnosisCause cause, string message, string? said, params IReadOnlyList<string> fixes) : this(new StepProblem(cause, message, fixes, said))
    {
    }

    /// <summary>What is wrong.</summary>
    public StepProblem Problem { get; } = problem;
}
