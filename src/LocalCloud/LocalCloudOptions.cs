namespace Etl.LocalCloud;

/// <summary>How a local cloud is laid out.</summary>
public sealed record LocalCloudOptions
{
    /// <summary>The folder that keeps buckets, tables and the credentials file between runs.</summary>
    public required string DataFolder { get; init; }

    /// <summary>A folder whose subfolders are shown as S3 buckets, read in place; null for none.</summary>
    public string? S3Folder { get; init; }

    /// <summary>Make a Cloud Storage bucket or a BigQuery dataset when it is first named, and an S3 bucket when an object of it is, as a laptop wants; off, a missing one is refused as the real services do.</summary>
    public bool CreateMissing { get; init; } = true;

    /// <summary>Role names (of <c>arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION</c>) that may impersonate the service account.</summary>
    public IReadOnlyList<string> AllowedRoles { get; init; } = ["etl-runner"];

    /// <summary>Who may do what; by default whoever is signed in may do everything.</summary>
    public Iam.CloudPolicy Policy { get; init; } = new();

    /// <summary>Where the programs that use the environment run, and so how they find their identity.</summary>
    public Homes.Home Home { get; init; } = Homes.Home.Keys;

    /// <summary>Let the home's endpoints listen at the addresses that AWS uses (169.254.169.254, 169.254.170.2, 169.254.170.23, port 80), which must be this machine's: <c>ip addr add 169.254.170.2/32 dev lo</c>.</summary>
    public bool LinkLocal { get; init; }

    /// <summary>What goes wrong, and when; by default nothing.</summary>
    public Faults.FaultPlan Faults { get; init; } = new();

    /// <summary>How long a Google access token is good for.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
