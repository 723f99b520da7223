namespace Etl.Connectors.Gcp.Federation;

/// <summary>One way to sign in to Google Cloud.</summary>
internal interface ITokenIssuer
{
    /// <summary>Signs in. Called when a token is needed, never concurrently; let exceptions escape.</summary>
    Task<AccessToken> IssueAsync(CancellationToken cancel);

    /// <summary>A failure of <see cref="IssueAsync"/> in words that lead on.</summary>
    Exception Explain(Exception error);
}
