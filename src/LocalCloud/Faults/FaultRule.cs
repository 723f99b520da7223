namespace Etl.LocalCloud.Faults;

/// <summary>Which requests something happens to, and what.</summary>
public sealed record FaultRule
{
    /// <summary>What happens.</summary>
    public required FaultKind Fault { get; init; }

    /// <summary>The service: s3, sqs, aws-sts, google-sts, iam-credentials, cloud-storage, bigquery or iam. Null: any.</summary>
    public string? Service { get; init; }

    /// <summary>The HTTP method. Null: any.</summary>
    public string? Method { get; init; }

    /// <summary>The path and query as they are on the wire; <c>*</c> stands for any text. Null: any.</summary>
    public string? Path { get; init; }

    /// <summary>How many requests that match are let through first.</summary>
    public int After { get; init; }

    /// <summary>How many requests it happens to; null for no end.</summary>
    public int? Count { get; init; } = 1;

    /// <summary>The share of the requests that match to which it happens, 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>With <see cref="FaultKind.Status"/>: the HTTP status.</summary>
    public int Status { get; init; } = 503;

    /// <summary>The error's reason or code, where the service's usual one for the status is not meant.</summary>
    public string? Reason { get; init; }

    /// <summary>Seconds of a Retry-After header; null for none.</summary>
    public int? RetryAfter { get; init; }
}
