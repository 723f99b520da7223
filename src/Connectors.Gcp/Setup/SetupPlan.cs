using System.Text;

namespace Etl.Connectors.Gcp.Setup;

/// <summary>What a keyless sign-in of one AWS role takes: the names of everything, and who may do what.</summary>
public sealed record SetupPlan
{
    private const int LongestSubject = 127;
    private const int LongestSession = 64;

    /// <summary>The Google project's id.</summary>
    public required string Project { get; init; }

    /// <summary>The Google project's number: part of the provider's name.</summary>
    public required string ProjectNumber { get; init; }

    /// <summary>The AWS role that may sign in.</summary>
    public required AwsRole Role { get; init; }

    /// <summary>The one session's name that may sign in; null for every session of the role.</summary>
    public string? Session { get; init; }

    /// <summary>What the session's name must start with; null for anything.</summary>
    public string? SessionPrefix { get; init; }

    /// <summary>The pool's id.</summary>
    public string Pool { get; init; } = "etl-pool";

    /// <summary>The provider's id.</summary>
    public string Provider { get; init; } = "aws";

    /// <summary>The service account's id: what stands before the @.</summary>
    public string ServiceAccount { get; init; } = "etl-loader";

    /// <summary>The buckets that are staged into.</summary>
    public IReadOnlyList<string> Buckets { get; init; } = [];

    /// <summary>The datasets that are loaded.</summary>
    public IReadOnlyList<SetupDataset> Datasets { get; init; } = [];

    /// <summary>The S3 bucket that is read; null for none.</summary>
    public string? SourceBucket { get; init; }

    /// <summary>What the keys that are read start with.</summary>
    public string SourcePrefix { get; init; } = "";

    /// <summary>The service account's address.</summary>
    public string Email => $"{ServiceAccount}@{Project}.iam.gserviceaccount.com";

    /// <summary>The pool's resource name.</summary>
    public string PoolName => $"projects/{ProjectNumber}/locations/global/workloadIdentityPools/{Pool}";

    /// <summary>The audience of a token exchange.</summary>
    public string Audience => $"//iam.googleapis.com/{PoolName}/providers/{Provider}";

    /// <summary>Who may act as the service account: the role's sessions, or the one session.</summary>
    public string Member => Session is null
        ? $"principalSet://iam.googleapis.com/{PoolName}/attribute.aws_role/{Role.AssumedRoleArn}"
        : $"principal://iam.googleapis.com/{PoolName}/subject/{Role.AssumedRoleArn}/{Session}";

    /// <summary>What the provider takes at all.</summary>
    public string Condition => Session is null
        ? $"assertion.arn.startsWith('{Role.AssumedRoleArn}/{SessionPrefix}')"
        : $"assertion.arn == '{Role.AssumedRoleArn}/{Session}'";

    /// <summary>The provider's attributes, each a CEL expression. The subject is the caller's ARN, without its beginning where a long session name could take it over the 127 bytes that Google allows.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Mapping =>
    [
        new("google.subject", Session is not null || Role.AssumedRoleArn.Length + 1 + LongestSession <= LongestSubject ? "assertion.arn" : "assertion.arn.extract('assumed-role/{role_and_session}')"),
        new("attribute.aws_role", "assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/' + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn"),
    ];

    /// <summary>The projects that jobs run in.</summary>
    public IEnumerable<string> JobProjects => Datasets.Select(d => d.Project).Distinct();

    /// <summary>Checks what the parts say of each other.</summary>
    /// <exception cref="FormatException">They do not go together.</exception>
    public void Check()
    {
        if (Session is not null && SessionPrefix is not null) throw new FormatException("--session and --session-prefix exclude each other: one session, or those whose names start alike.");
        if (Session is not null && Encoding.UTF8.GetByteCount($"{Role.AssumedRoleArn}/{Session}") is var length and > LongestSubject)
            throw new FormatException($"{Role.AssumedRoleArn}/{Session} has {length} bytes, and Google allows a subject 127. Take a shorter role or session name, or leave --session out.");
    }
}

/// <summary>A BigQuery dataset.</summary>
/// <param name="Project">Its project.</param>
/// <param name="Dataset">Its name.</param>
public sealed record SetupDataset(string Project, string Dataset);
