using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Etl.LocalCloud.Iam;

namespace Etl.LocalCloud.Identity;

/// <summary>Identity-based policies of AWS roles: Allow and Deny, actions and resources with wildcards, <c>StringLike</c> and <c>StringEquals</c> on <c>s3:prefix</c> (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html).</summary>
internal sealed class AwsPolicies(CloudPolicy policy)
{
    /// <summary>Whether the role's policy lets it.</summary>
    /// <param name="key">Who asks.</param>
    /// <param name="action">Such as <c>s3:GetObject</c>.</param>
    /// <param name="resource">The resource's ARN.</param>
    /// <param name="prefix">The prefix that is listed, or null.</param>
    public bool Allow(AwsKey key, string action, string resource, string? prefix)
    {
        if (!policy.AwsRoles.TryGetValue(key.Role, out var document)) return true;
        var statements = Many(document["Statement"]).OfType<JsonObject>().Where(s => Applies(s, action, resource, prefix)).ToList();
        return statements.Any(s => (string?)s["Effect"] == "Allow") && !statements.Any(s => (string?)s["Effect"] == "Deny");
    }

    private static bool Applies(JsonObject statement, string action, string resource, string? prefix) =>
        Matches(statement["Action"], action, ignoreCase: true) && Matches(statement["Resource"], resource) && Conditions(statement["Condition"], prefix);

    private static bool Conditions(JsonNode? condition, string? prefix) =>
        condition is not JsonObject operators || operators.All(o => o.Key is "StringLike" or "StringEquals" && o.Value is JsonObject keys && keys.All(k => k.Key == "s3:prefix" && Matches(k.Value, prefix ?? "")));

    private static bool Matches(JsonNode? patterns, string text, bool ignoreCase = false) =>
        Many(patterns).Any(p => Regex.IsMatch(text, "^" + Regex.Escape((string?)p ?? "").Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal) + "$", RegexOptions.NonBacktracking | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)));

    private static IEnumerable<JsonNode?> Many(JsonNode? node) => node is JsonArray array ? array.AsEnumerable() : node is null ? Enumerable.Empty<JsonNode?>() : Enumerable.Repeat(node, 1);
}
