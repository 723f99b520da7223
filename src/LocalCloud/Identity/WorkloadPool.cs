using System.Text;
using Etl.LocalCloud.Iam;

namespace Etl.LocalCloud.Identity;

/// <summary>The workload identity pool with its AWS provider: turns an AWS identity into a federated one.</summary>
internal sealed class WorkloadPool(ProviderPolicy provider)
{
    private const int LongestSubject = 127;

    /// <summary>The provider's full name: the audience of a token exchange.</summary>
    public string Audience => provider.Audience;

    /// <summary>The full name of the pool's other provider, for OpenID Connect.</summary>
    public string OidcAudience => provider.OidcAudience;

    /// <summary>Whether tokens are taken at all.</summary>
    public bool Disabled => provider.Disabled;

    /// <summary>The federated identity of an OpenID Connect subject: <c>google.subject</c> is mapped from <c>assertion.sub</c>.</summary>
    public GoogleIdentity Federate(string subject)
    {
        var pool = "iam.googleapis.com/" + provider.PoolName;
        return new GoogleIdentity($"principal://{pool}/subject/{subject}", [$"principal://{pool}/subject/{subject}", $"principalSet://{pool}/*"]);
    }

    /// <summary>The federated identity of an AWS identity.</summary>
    /// <exception cref="TokenRefusedException">The provider does not take it.</exception>
    public GoogleIdentity Federate(AwsKey key)
    {
        // Google documents no text for this one.
        if (provider.AccountId != AwsKey.Account) throw new TokenRefusedException("unauthorized_client", $"The AWS account {AwsKey.Account} of the given credential is not the account of the identity provider.");
        var variables = new Dictionary<string, string> { ["assertion.arn"] = key.Arn, ["assertion.account"] = AwsKey.Account, ["assertion.userid"] = key.UserId };
        try
        {
            var mapped = provider.AttributeMapping.ToDictionary(
                m => m.Key,
                m => CelExpression.Evaluate(m.Value, variables) as string ?? throw new TokenRefusedException("invalid_grant", $"The mapped attribute {m.Key} must be of type STRING."));
            foreach (var (name, value) in mapped) variables[name] = value;
            if (provider.AttributeCondition is { } condition && CelExpression.Evaluate(condition, variables) is not true)
                throw new TokenRefusedException("unauthorized_client", "The given credential is rejected by the attribute condition.");
            var subject = mapped.GetValueOrDefault("google.subject") ?? "";
            if (Encoding.UTF8.GetByteCount(subject) > LongestSubject)
                throw new TokenRefusedException("invalid_request", "The size of mapped attribute google.subject exceeds the 127 bytes limit. Either modify your attribute mapping or the incoming assertion to produce a mapped attribute that is less than 127 bytes.");
            var pool = "iam.googleapis.com/" + provider.PoolName;
            var self = $"principal://{pool}/subject/{subject}";
            return new GoogleIdentity(self, [self, $"principalSet://{pool}/*", .. mapped.Where(m => m.Key.StartsWith("attribute.", StringComparison.Ordinal)).Select(m => $"principalSet://{pool}/{m.Key}/{m.Value}")]);
        }
        catch (FormatException e)
        {
            throw new TokenRefusedException("invalid_grant", $"The attribute mapping or condition could not be evaluated: {e.Message}");
        }
    }
}
