namespace Etl.Connectors.Gcp.Federation;

/// <summary>Where the proof of who we are comes from, of those that a credentials file may name.</summary>
internal abstract record SubjectTokenSource;

/// <summary>AWS credentials, from wherever the SDK finds them.</summary>
/// <param name="VerificationUrl">GetCallerIdentity at AWS's token service; may hold <c>{region}</c>.</param>
internal sealed record AwsSource(string VerificationUrl) : SubjectTokenSource;

/// <summary>An OpenID Connect token in a file that the platform keeps fresh, such as a Kubernetes service account's.</summary>
/// <param name="Path">The file.</param>
/// <param name="Field">The field that holds it when the file is JSON, or null when the file is the token.</param>
internal sealed record TokenFileSource(string Path, string? Field) : SubjectTokenSource;

/// <summary>An OpenID Connect token that GitHub Actions gives a workflow.</summary>
/// <param name="Url">GitHub's token service.</param>
/// <param name="Headers">What proves to it which workflow asks.</param>
/// <param name="Field">The field that holds it when the answer is JSON, or null when the answer is the token.</param>
internal sealed record GitHubSource(Uri Url, IReadOnlyDictionary<string, string> Headers, string? Field) : SubjectTokenSource
{
    // The headers are a secret of the workflow.
    public override string ToString() => $"GitHub Actions at {Url.Host}";
}
