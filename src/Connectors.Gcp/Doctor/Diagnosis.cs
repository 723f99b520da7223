namespace Etl.Connectors.Gcp.Doctor;

/// <summary>What a walk along the sign-in found, step by step.</summary>
/// <param name="Steps">The steps, in the order they were walked.</param>
public sealed record Diagnosis(IReadOnlyList<DiagnosisStep> Steps)
{
    /// <summary>Whether no step failed.</summary>
    public bool Ok => Steps.All(s => s.Status is not StepStatus.Failed);
}

/// <summary>One step: what was tried, and what came of it.</summary>
public sealed record DiagnosisStep
{
    /// <summary>Which step it is.</summary>
    public required StepId Id { get; init; }

    /// <summary>What it is about, for a person: a file, a bucket, a table.</summary>
    public required string Subject { get; init; }

    /// <summary>What came of it.</summary>
    public required StepStatus Status { get; init; }

    /// <summary>What was learnt, in order. Never a secret.</summary>
    public IReadOnlyList<StepFact> Facts { get; init; } = [];

    /// <summary>What is wrong; null when nothing is.</summary>
    public StepProblem? Problem { get; init; }
}

/// <summary>Something learnt.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value.</param>
public sealed record StepFact(string Name, string Value);

/// <summary>What is wrong with a step.</summary>
/// <param name="Cause">The cause, for programs.</param>
/// <param name="Message">The cause, for a person.</param>
/// <param name="Fixes">What to do: sentences, or commands that begin with <c>$ </c>.</param>
/// <param name="Said">The service's own words, or null.</param>
public sealed record StepProblem(DiagnosisCause Cause, string Message, IReadOnlyList<string> Fixes, string? Said = null);

/// <summary>The steps.</summary>
public enum StepId
{
    /// <summary>The credentials file: its shape and its addresses.</summary>
    CredentialsFile,

    /// <summary>The AWS credentials, and which source of the SDK's chain gave them.</summary>
    AwsCredentials,

    /// <summary>This machine's clock beside AWS's.</summary>
    Clock,

    /// <summary>Whom AWS takes us for.</summary>
    AwsCaller,

    /// <summary>The proof of that, exchanged for a federated token at Google.</summary>
    TokenExchange,

    /// <summary>The federated token, exchanged for the service account's.</summary>
    Impersonation,

    /// <summary>The access token of a sign-in that is not AWS's.</summary>
    AccessToken,

    /// <summary>The permissions on a bucket.</summary>
    Bucket,

    /// <summary>Running jobs in the project.</summary>
    BigQueryJobs,

    /// <summary>The dataset: that it is there, and that tables can be made in it.</summary>
    BigQueryDataset,

    /// <summary>The table, when it is there.</summary>
    BigQueryTable,

    /// <summary>Reading the source.</summary>
    Source,
}

/// <summary>What came of a step.</summary>
public enum StepStatus
{
    /// <summary>It works.</summary>
    Passed,

    /// <summary>It works, and something about it should change.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,

    /// <summary>It was not tried, because an earlier step failed.</summary>
    Skipped,
}
