using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Etl.LocalCloud.Iam;

namespace Etl.Runner.Tests.Auth;

/// <summary>What the commands of a set-up would have made, read from their text alone.</summary>
internal static partial class SetupScript
{
    public static CloudPolicy Apply(string script, string awsPolicy)
    {
        var text = Continued().Replace(script, " ");
        var provider = Provider().Match(text);
        var resources = new Dictionary<string, List<IamBinding>>();
        void Bind(string resource, string role, string member) => (resources.TryGetValue(resource, out var there) ? there : resources[resource] = []).Add(new IamBinding(role, [member]));

        foreach (Match m in Bucket().Matches(text)) Bind("buckets/" + m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value);
        foreach (Match m in Project().Matches(text)) Bind("projects/" + m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value);
        foreach (Match m in Grant().Matches(text)) Bind($"datasets/{m.Groups[2].Value}.{m.Groups[3].Value}", m.Groups[1].Value, m.Groups[4].Value);
        var account = Account().Match(text);
        return new CloudPolicy
        {
            Provider = new ProviderPolicy
            {
                ProjectNumber = PoolOf().Match(account.Groups[3].Value).Groups[1].Value,
                Id = provider.Groups[1].Value,
                Pool = provider.Groups[2].Value,
                AccountId = provider.Groups[3].Value,
                AttributeMapping = provider.Groups[4].Value.Split(',').Select(m => m.Split('=', 2)).ToDictionary(m => m[0], m => m[1]),
                AttributeCondition = provider.Groups[5].Value,
            },
            ServiceAccount = new ServiceAccountPolicy { Email = account.Groups[1].Value, Bindings = [new IamBinding(account.Groups[2].Value, [account.Groups[3].Value])] },
            Resources = resources.ToDictionary(r => r.Key, r => (IReadOnlyList<IamBinding>)r.Value),
            AwsRoles = new Dictionary<string, JsonObject> { [AwsRole().Match(text).Groups[1].Value] = JsonNode.Parse(awsPolicy)!.AsObject() },
        };
    }

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex("""providers "\$provider" (\S+) --workload-identity-pool=(\S+) .*?--account-id=(\S+) +--attribute-mapping="([^"]+)" +--attribute-condition="([^"]+)"\n""")]
    private static partial Regex Provider();

    [GeneratedRegex(@"storage buckets add-iam-policy-binding gs://(\S+) --role=(\S+) --member=(\S+)")]
    private static partial Regex Bucket();

    [GeneratedRegex(@"projects add-iam-policy-binding (\S+) --role=(\S+) --member=(\S+) --condition=None")]
    private static partial Regex Project();

    [GeneratedRegex("""GRANT `(\S+)` ON SCHEMA `(\S+)`\.`(\S+)` TO "(\S+)"'""")]
    private static partial Regex Grant();

    [GeneratedRegex("""service-accounts add-iam-policy-binding (\S+) --project=\S+ --role=(\S+) +--member="([^"]+)"\n""")]
    private static partial Regex Account();

    [GeneratedRegex(@"iam\.googleapis\.com/projects/(\d+)/")]
    private static partial Regex PoolOf();

    [GeneratedRegex(@"put-role-policy --role-name (\S+) ")]
    private static partial Regex AwsRole();
}
