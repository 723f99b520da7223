using System.Text.Json;
using Google.Apis.Auth.OAuth2;

namespace Etl.Connectors.Gcp.Federation;

/// <summary>The proof of who we are at AWS: a signed GetCallerIdentity request that Google sends in our name (https://google.aip.dev/auth/4117#determining-the-subject-token-in-aws).</summary>
internal sealed class AwsSubjectToken(string audience, AwsSource source, IAwsIdentity identity, TimeProvider time) : ProgrammaticExternalAccountCredential.ISubjectTokenProvider
{
    /// <inheritdoc/>
    public async Task<string> GetSubjectTokenAsync(ProgrammaticExternalAccountCredential caller, CancellationToken taskCancellationToken)
    {
        var (credentials, region) = await identity.ResolveAsync(taskCancellationToken).ConfigureAwait(false);
        var url = new Uri(source.VerificationUrl.Replace("{region}", region, StringComparison.Ordinal));
        var now = time.GetUtcNow();
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = url.IsDefaultPort ? url.Host : url.Authority,
            ["x-amz-date"] = SigV4.Timestamp(now),
            // Binds the proof to one provider of one pool: nobody can use it elsewhere.
            ["x-goog-cloud-target-resource"] = audience,
        };
        if (!string.IsNullOrEmpty(credentials.Token)) headers["x-amz-security-token"] = credentials.Token;
        headers["authorization"] = SigV4.Authorization("POST", url, headers, region, "sts", now, credentials.AccessKey, credentials.SecretKey);

        var request = new { url = url.AbsoluteUri, method = "POST", headers = headers.Select(h => new { key = h.Key, value = h.Value }) };
        return Uri.EscapeDataString(JsonSerializer.Serialize(request));
    }
}
