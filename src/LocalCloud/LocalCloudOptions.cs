namespace Etl.LocalCloud;

/// <summary>How a local cloud is laid out.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>The folder that keeps buckets, tables and the credentials file between runs.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A folder whose subfolders are shown as S3 buckets, read in place; null for none.</summary>
    public string? S3Folder { get; init; }

    /// <summary>Make a Cloud Storage bucket or a BigQuery dataset when it is first named, as a laptop wants; off, a missing one is refused as the real services do.</summary>
    public bool CreateMissing { get; init; } = true;

    /// <summary>Role names (of <c>arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION</c>) that may impersonate the service account.</summary>
    public IReadOnlyList<string> AllowedRoles { get; init; } = ["etl-runner"];

    /// <summary>Who may do what; by default whoever is signed in may do everything.</summary>
    public Iam.CloudPolicy Policy { get; init; } = new();

    /// <summary>How long a Google access token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
