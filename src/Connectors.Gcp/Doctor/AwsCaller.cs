using System.Text.RegularExpressions;

namespace Etl.Connectors.Gcp.Doctor;

/// <summary>Whom AWS takes us for.</summary>
/// <param name="Arn">The caller's ARN.</param>
internal sealed partial record AwsCaller(string Arn)
{
    /// <summary>The account.</summary>
    public string Account => Arn.Split(':') is [_, _, _, _, var account, ..] ? account : "";

    /// <summary>What Google's default mapping makes of the ARN as <c>attribute.aws_role</c>: the assumed role without its session.</summary>
    public string RoleAttribute => AssumedRole().Match(Arn) is { Success: true } match ? match.Groups[1].Value : Arn;

    /// <summary>Whether the caller is a role's session, not a user.</summary>
    public bool IsRole => AssumedRole().IsMatch(Arn);

    /// <summary>Whether a binding's value names this caller's role in the form that no caller has.</summary>
    public bool IsIamFormOf(string value) => IamRole().Match(value) is { Success: true } match && RoleAttribute.EndsWith("/" + match.Groups[1].Value, StringComparison.Ordinal);

    [GeneratedRegex("^(arn:[a-z-]+:sts::[0-9]+:assumed-role/[^/]+)/.+$")]
    private static partial Regex AssumedRole();

    [GeneratedRegex("^arn:[a-z-]+:iam::[0-9]+:role/(?:.*/)?([^/]+)$")]
    private static partial Regex IamRole();
}
